import { useCallback, useSyncExternalStore } from 'react'
import { sentence } from '../../api/errors'
import { attachmentsQuery } from '../../api/queries/issues'
import { fileRulesQuery, removeFile } from '../../api/queries/files'
import { queryClient } from '../../api/queryClient'
import type { AttachmentOut, PageAttachmentOut } from '../../api/schema'
import { sendFile } from '../../api/upload'
import { toast } from '../../app/toasts'
import { bytes } from '../../lib/bytes'
import { words } from '../../strings/pages/writing'
import type { Mode } from './useDraftText'

/** A file that is on its way, or was not taken: `problem` says why. It goes on while another issue is open. */
export type Upload = { key: string; part: Mode; file: File; share: number; problem?: string | undefined; mayRetry?: boolean; control: AbortController }

const uploads = new Map<string, readonly Upload[]>()
const listeners = new Set<() => void>()
const NONE: readonly Upload[] = []
const dropped = new Set<string>()

export const uploadsOf = (issueId: string): readonly Upload[] => uploads.get(issueId) ?? NONE

function put(issueId: string, change: (now: readonly Upload[]) => readonly Upload[]): void {
  uploads.set(issueId, change(uploadsOf(issueId)))
  for (const listener of listeners) listener()
}

const set = (issueId: string, key: string, change: Partial<Upload>): void =>
  put(issueId, (now) => now.map((one) => (one.key === key ? { ...one, ...change } : one)))

export const dropUpload = (issueId: string, { key, share, problem, control }: Upload): void => {
  // What has been sent whole may be there already: its answer says which file to remove.
  if (share < 1 || problem) control.abort()
  else dropped.add(key)
  put(issueId, (now) => now.filter((one) => one.key !== key))
}

/** Attaches files to the draft of an issue; what cannot be taken stands in the list with the reason. */
export async function addFiles(issueId: string, part: Mode, files: readonly File[], attached: number): Promise<void> {
  const rules = await queryClient.fetchQuery(fileRulesQuery)
  const room = rules.max_per_message - attached - uploadsOf(issueId).filter((one) => one.part === part).length
  if (files.length > room) toast({ title: words.tooMany(rules.max_per_message), tone: 'error' })
  for (const file of files.slice(0, Math.max(0, room))) {
    const problem = file.size > rules.max_bytes ? words.tooLarge(bytes(rules.max_bytes)) : file.size === 0 ? words.empty : undefined
    const upload: Upload = { key: crypto.randomUUID(), part, file, share: 0, problem, control: new AbortController() }
    put(issueId, (now) => [...now, upload])
    if (!problem) void start(issueId, upload)
  }
}

export const retryUpload = (issueId: string, upload: Upload): void => {
  set(issueId, upload.key, { problem: undefined, share: 0 })
  void start(issueId, upload)
}

async function start(issueId: string, { key, part, file, control }: Upload): Promise<void> {
  try {
    const kept = await sendFile({ issueId, part, file, key, onPart: (share) => set(issueId, key, { share }), signal: control.signal })
    if (dropped.delete(key)) await removeFile(kept.id)
    else await addKept(issueId, kept)
    put(issueId, (now) => now.filter((one) => one.key !== key))
  } catch (error) {
    if (!control.signal.aborted) set(issueId, key, { problem: sentence(error), mayRetry: true })
  }
}

/** Shows the file among the others, which are read before where they are not here yet. */
async function addKept(issueId: string, kept: AttachmentOut): Promise<void> {
  const query = attachmentsQuery(issueId)
  await queryClient.cancelQueries({ queryKey: query.queryKey })
  const page = queryClient.getQueryData<PageAttachmentOut>(query.queryKey)
  if (page) queryClient.setQueryData<PageAttachmentOut>(query.queryKey, { ...page, data: [...page.data.filter((one) => one.id !== kept.id), kept] })
  else await queryClient.fetchQuery(query)
}

/** Files that go with a message are in no draft from then on; when it was not sent, the server tells. */
export function takeOut(issueId: string, ids: readonly string[]): void {
  queryClient.setQueryData<PageAttachmentOut>(attachmentsQuery(issueId).queryKey, (page) =>
    page && { ...page, data: page.data.map((one) => (ids.includes(one.id) ? { ...one, drafted: null } : one)) })
}

export function useUploads(issueId: string): readonly Upload[] {
  const subscribe = useCallback((listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, [])
  return useSyncExternalStore(subscribe, () => uploadsOf(issueId))
}
