import { useSyncExternalStore } from 'react'
import { ApiError, isMissing, sentence } from '../../api/errors'
import { attachmentsQuery } from '../../api/queries/issues'
import { fileRulesQuery, removeFile, takeBackUpload } from '../../api/queries/files'
import { queryClient } from '../../api/queryClient'
import type { AttachmentOut, PageAttachmentOut } from '../../api/schema'
import { sendFile } from '../../api/upload'
import { whenBack } from '../../api/whenBack'
import { failed, offerUndo, toast } from '../../app/toasts'
import { bytes } from '../../lib/bytes'
import { words } from '../../strings/pages/writing'
import { changeDraft, getDraft, type Mode } from './useDraftText'

/** A file that is on its way, or was not taken: `problem` says why. It goes on while another issue is open. */
export type Upload = { key: string; part: Mode; file: File; share: number; problem?: string | undefined; mayRetry?: boolean; control: AbortController }

const uploads = new Map<string, readonly Upload[]>()
const listeners = new Set<() => void>()
const NONE: readonly Upload[] = []
/** A send of one of the two texts that waits for its files: what it was when it was asked for, and how it goes on. */
type Waiting = { part: Mode; text: string; go: () => void; withdraw: () => void }
const waiting = new Map<string, Waiting>()

export const uploadsOf = (issueId: string): readonly Upload[] => uploads.get(issueId) ?? NONE

function put(issueId: string, change: (now: readonly Upload[]) => readonly Upload[]): void {
  uploads.set(issueId, change(uploadsOf(issueId)))
  tell()
}

function tell(): void {
  for (const listener of listeners) listener()
}

const set = (issueId: string, key: string, change: Partial<Upload>): void =>
  put(issueId, (now) => now.map((one) => (one.key === key ? { ...one, ...change } : one)))

/** Nothing of it stays at the server either, also where its answer is not here. A send that waited for it goes no more. */
export const dropUpload = (issueId: string, { key, part, problem, mayRetry, control }: Upload): void => {
  stopWaiting(issueId, part)
  control.abort()
  put(issueId, (now) => now.filter((one) => one.key !== key))
  if (!problem || mayRetry) void whenBack(() => takeBackUpload(issueId, key)).catch(failed)
}

/** Takes a file out of the draft: here at once, and at the server as soon as it is reached. */
export async function removeDraftFile(issueId: string, id: string): Promise<void> {
  changeDraft(issueId, { files: getDraft(issueId).files?.filter((one) => one.id !== id) })
  const { queryKey } = attachmentsQuery(issueId)
  // An answer under way may be from before.
  await queryClient.cancelQueries({ queryKey })
  queryClient.setQueryData<PageAttachmentOut>(queryKey, (page) => page && { ...page, data: page.data.filter((one) => one.id !== id) })
  try {
    await whenBack(() => removeFile(id))
  } catch (error) {
    if (!isMissing(error)) failed(error)
  } finally {
    void queryClient.invalidateQueries({ queryKey })
  }
}

/** Sends a text as soon as its files are there, unless it was changed, one of them is not taken, or it is given up. */
export function whenUploaded(issueId: string, part: Mode, go: () => void): void {
  stopWaiting(issueId)
  const { withdraw } = offerUndo(() => stopWaiting(issueId))
  waiting.set(issueId, { part, text: getDraft(issueId)[part], go, withdraw })
  tell()
}

/** Whether one waited. */
export function stopWaiting(issueId: string, part?: Mode): boolean {
  const one = waiting.get(issueId)
  if (!one || (part && one.part !== part)) return false
  one.withdraw()
  waiting.delete(issueId)
  tell()
  return true
}

/** What is on its way, and whether it is all there. */
function goOn(issueId: string): void {
  const one = waiting.get(issueId)
  if (!one) return
  const left = uploadsOf(issueId).filter((upload) => upload.part === one.part)
  if (left.some((upload) => upload.problem)) {
    stopWaiting(issueId)
    toast({ title: words.notSent, description: words.badFiles, tone: 'error' })
  } else if (!left.length) {
    stopWaiting(issueId)
    if (getDraft(issueId)[one.part] === one.text) one.go()
    else toast({ title: words.notSent, description: words.changedMeanwhile, tone: 'error' })
  }
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

/** One that failed only because its answer was lost has arrived when the server has such a file. */
export function settleUploads(issueId: string, files: readonly { filename: string; size_bytes: number }[]): void {
  const arrived = ({ problem, mayRetry, file }: Upload) => problem && mayRetry && files.some((one) => one.filename === file.name && one.size_bytes === file.size)
  if (uploadsOf(issueId).some(arrived)) put(issueId, (now) => now.filter((one) => !arrived(one)))
}

export const retryUpload = (issueId: string, upload: Upload): void => {
  set(issueId, upload.key, { problem: undefined, share: 0 })
  void start(issueId, upload)
}

async function start(issueId: string, { key, part, file, control }: Upload): Promise<void> {
  try {
    const kept = await sendFile({ issueId, part, file, key, onPart: (share) => set(issueId, key, { share }), signal: control.signal })
    // Taken out between its end and now.
    if (control.signal.aborted) return
    await addKept(issueId, kept)
    put(issueId, (now) => now.filter((one) => one.key !== key))
  } catch (error) {
    if (control.signal.aborted) return
    if (error instanceof ApiError && error.code === 'attached_already') {
      put(issueId, (now) => now.filter((one) => one.key !== key))
      toast({ title: words.attachedAlready(file.name) })
    } else set(issueId, key, { problem: sentence(error), mayRetry: true })
  }
  goOn(issueId)
}

/** One after the other, so that none gives up what another one reads. */
let adding: Promise<unknown> = Promise.resolve()

function addKept(issueId: string, kept: AttachmentOut): Promise<unknown> {
  // It is there; that the others could not be read is no fault of it.
  adding = adding.then(() => addNow(issueId, kept)).catch(() => queryClient.invalidateQueries({ queryKey: attachmentsQuery(issueId).queryKey }))
  return adding
}

/** Shows the file among the others, which are read before where they are not here yet. */
async function addNow(issueId: string, kept: AttachmentOut): Promise<void> {
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

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useUploads = (issueId: string): readonly Upload[] => useSyncExternalStore(subscribe, () => uploadsOf(issueId))

/** Whether this text goes as soon as its files are there. */
export const useSendWaits = (issueId: string, part: Mode): boolean => useSyncExternalStore(subscribe, () => waiting.get(issueId)?.part === part)
