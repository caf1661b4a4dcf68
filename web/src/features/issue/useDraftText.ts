import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { api } from '../../api/client'

/**
 * What an agent has begun to write. Each key stroke is kept on this device at once, so that no reload, crash or lost
 * network takes it; the server gets a copy after a pause and when the page is left, for another browser. While the
 * text field has the focus this device's words win.
 */
export type Mode = 'reply' | 'note'
export type DraftText = {
  reply: string
  note: string
  mode: Mode
  /** The suggestion that the reply began as, whose outcome is told when it is sent. */
  suggestionId?: string | undefined
  suggested?: string | undefined
  /** How the blanks of an inserted template are marked in the text. */
  markers?: string[]
  saved: 'nothing' | 'server' | 'device'
}
export const EMPTY: DraftText = { reply: '', note: '', mode: 'reply', saved: 'nothing' }
const SAVE_AFTER_MS = 800
const keyOf = (id: string): string => `draft:${id}`

const drafts = new Map<string, DraftText>()
const timers = new Map<string, ReturnType<typeof setTimeout>>()
const asked = new Set<string>()
const listeners = new Set<() => void>()

export function getDraft(id: string): DraftText {
  let draft = drafts.get(id)
  if (!draft) {
    try {
      draft = { ...EMPTY, ...(JSON.parse(localStorage.getItem(keyOf(id)) ?? '{}') as Partial<DraftText>) }
    } catch {
      draft = EMPTY
    }
    drafts.set(id, draft)
  }
  return draft
}

function put(id: string, draft: DraftText): void {
  drafts.set(id, draft)
  try {
    if (draft.reply || draft.note) localStorage.setItem(keyOf(id), JSON.stringify(draft))
    else localStorage.removeItem(keyOf(id))
  } catch { /* storage is full or off: the text lives in this page and, in a moment, on the server */ }
  for (const listener of listeners) listener()
}

export function changeDraft(id: string, change: Partial<DraftText>): void {
  const before = getDraft(id)
  const next = { ...before, ...change }
  const wrote = next.reply !== before.reply || next.note !== before.note
  if (wrote && !next.reply.trim()) Object.assign(next, { suggestionId: undefined, suggested: undefined, markers: [] })
  put(id, wrote ? { ...next, saved: next.reply || next.note ? 'device' : 'nothing' } : next)
  if (!wrote) return
  clearTimeout(timers.get(id))
  timers.set(id, setTimeout(() => void save(id), SAVE_AFTER_MS))
}

async function save(id: string, leaving = false): Promise<void> {
  clearTimeout(timers.get(id))
  timers.delete(id)
  const { reply, note } = getDraft(id)
  const call = api.PUT('/v1/issues/{issue_id}/draft', { params: { path: { issue_id: id } }, body: { reply, note }, keepalive: leaving })
  const done = await call.then(({ response }) => response.ok, () => false)
  const now = getDraft(id)
  if (done && now.reply === reply && now.note === note && (reply || note)) put(id, { ...now, saved: 'server' })
}

/** Takes over what was written in another browser, where nothing was begun in this one. */
async function fetchOnce(id: string): Promise<void> {
  if (asked.has(id)) return
  asked.add(id)
  const answer = await api.GET('/v1/issues/{issue_id}/draft', { params: { path: { issue_id: id } } }).catch(() => undefined)
  const here = getDraft(id)
  if (answer?.data?.updated_at && !here.reply && !here.note) {
    put(id, { ...here, reply: answer.data.reply, note: answer.data.note, saved: 'server' })
  }
}

addEventListener('pagehide', () => {
  for (const id of [...timers.keys()]) void save(id, true)
})
addEventListener('storage', (event) => {
  // Another tab wrote: what is typed here just now stays.
  const id = event.key?.startsWith('draft:') ? event.key.slice(6) : ''
  if (!id || document.activeElement instanceof HTMLTextAreaElement) return
  drafts.delete(id)
  for (const listener of listeners) listener()
})

export function useDraftText(id: string): [DraftText, (change: Partial<DraftText>) => void] {
  const draft = useSyncExternalStore(
    useCallback((listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }, []),
    () => getDraft(id),
  )
  useEffect(() => { void fetchOnce(id) }, [id])
  return [draft, useCallback((change: Partial<DraftText>) => changeDraft(id, change), [id])]
}

/** Wipes all drafts of this device, when somebody signs out. */
export function forgetDrafts(): void {
  drafts.clear()
  for (const key of Object.keys(localStorage)) if (key.startsWith('draft:')) localStorage.removeItem(key)
}
