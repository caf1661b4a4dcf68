import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { api } from '../../api/client'
import { errorOf, isForbidden, isMissing } from '../../api/errors'
import { isSignedOut, onMe, onSession } from '../../api/session'
import { afterPaint } from '../../lib/afterPaint'

/**
 * What an agent has begun to write. Each key stroke is kept on this device at once, so that no reload, crash or lost
 * network takes it; the server gets a copy after a pause and when the page is left, for another browser. While the
 * text field has the focus this device's words win. What is kept belongs to one person: it goes when another signs in.
 * Words that the server has leave the device with the page, or with the session; a tab has its own until it is closed.
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
  /** What a macro does with the reply: tags that the issue gets, and what it becomes. */
  addTags?: string[] | undefined
  thenStatus?: 'pending' | 'resolved' | undefined
  /** What was put in from templates, counted when the reply is sent. */
  templates?: readonly { template_id: string; text: string }[] | undefined
  /** The text has its signature already, or is to have none. */
  unsigned?: boolean | undefined
  /** Files of words that came back; all others are kept by the server. */
  files?: readonly DraftFile[] | undefined
  /** What was sent without an answer, whose key goes again with the same words so that they arrive once. */
  tried?: Tried | undefined
  saved: 'nothing' | 'server' | 'device'
  /** Stands on the device for words that the server has: what goes with them, without them. */
  stowed?: true
}
export type DraftFile = { id: string; filename: string; size_bytes: number; content_type?: string; part: Mode }
export type Tried = { part: Mode; body: string; how: string; key: string }
/** As many are counted with one reply. */
export const MOST_TEMPLATES = 10
export const EMPTY: DraftText = { reply: '', note: '', mode: 'reply', saved: 'nothing' }
const SAVE_AFTER_MS = 800
/** Without an answer for so long it is saved again, when the network is back. */
const SAVE_MS = 30_000
const OWNER = 'draft-owner'

let owner = recall(OWNER) ?? ''
const prefix = (): string => `draft:${owner}:`
const keyOf = (id: string): string => prefix() + id

/** What this device keeps under a key; null also when the browser keeps nothing. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** Keeps a text on this device, or with null forgets it, as far as the browser allows. */
export function keep(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch { /* full or off: the text lives in this page and, in a moment, on the server */ }
}

/** The keys of what this device keeps that begin so. */
export function keptKeys(start: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(start))
  } catch {
    return []
  }
}

const drafts = new Map<string, DraftText>()
const timers = new Map<string, ReturnType<typeof setTimeout>>()
/** Saves that wait for the one before them. */
const waiting = new Map<string, Promise<unknown>>()
const asked = new Set<string>()
/** Issues for which words were written here, sent or not: what another browser kept comes too late for them. */
const written = new Set<string>()
/** Issues whose draft the server could not take; tried again when the network or the session is back. */
const unsaved = new Set<string>()
const listeners = new Set<() => void>()

export function getDraft(id: string): DraftText {
  let draft = drafts.get(id)
  if (!draft) {
    const kept = parsed(recall(keyOf(id)))
    draft = { ...EMPTY, ...(kept.stowed ? parsed(ofTab(keyOf(id))) : kept) }
    drafts.set(id, draft)
  }
  return draft
}

function parsed(text: string | null): Partial<DraftText> {
  try {
    return JSON.parse(text ?? '{}') as Partial<DraftText>
  } catch {
    return {}
  }
}

/** What this tab alone keeps through a reload; with a text it keeps that. */
function ofTab(key: string, text?: string): string | null {
  try {
    if (text) sessionStorage.setItem(key, text)
    return sessionStorage.getItem(key)
  } catch {
    return null
  }
}

/** Whether all words are at the server, and no send may have to go again under its key. */
const isAtServer = (draft: Partial<DraftText>): boolean => draft.saved === 'server' && !draft.tried && !draft.files?.length

/** Takes words that the server has off this device. What goes with them stays: how a macro ends, whether it is signed. */
function stow({ inTab }: { inTab: boolean }): void {
  if (inTab) for (const [id, draft] of drafts) if (isAtServer(draft)) ofTab(keyOf(id), JSON.stringify(draft))
  for (const key of keptKeys('draft:')) {
    const draft = parsed(recall(key))
    const without = { ...draft, reply: '', note: '', suggestionId: undefined, suggested: undefined, templates: undefined, saved: 'nothing', stowed: true }
    if (isAtServer(draft)) keep(key, JSON.stringify(without))
  }
}

function put(id: string, draft: DraftText): void {
  drafts.set(id, draft)
  keep(keyOf(id), draft.reply || draft.note ? JSON.stringify(draft) : null)
  tell()
}

function tell(): void {
  for (const listener of listeners) listener()
}

export function changeDraft(id: string, change: Partial<DraftText>): void {
  const before = getDraft(id)
  const next = { ...before, ...change }
  const wrote = next.reply !== before.reply || next.note !== before.note || (next.unsigned !== before.unsigned && next.reply.trim() !== '')
  if (wrote && !next.reply.trim()) Object.assign(next, { suggestionId: undefined, suggested: undefined, markers: [], addTags: undefined, thenStatus: undefined, templates: undefined, unsigned: undefined })
  put(id, wrote ? { ...next, saved: next.reply || next.note ? 'device' : 'nothing' } : next)
  if (!wrote) return
  written.add(id)
  clearTimeout(timers.get(id))
  timers.set(id, setTimeout(() => void save(id), SAVE_AFTER_MS))
}

/**
 * Saves one draft after what any tab is saving of it, so that older words never arrive last. Answers why that did not
 * work; what the server will never take from this person is no reason to wait.
 */
function save(id: string, leaving = false): Promise<unknown> {
  clearTimeout(timers.get(id))
  timers.delete(id)
  // A page that is left cannot wait.
  if (leaving) return saveNow(id, true)
  const next = waiting.get(id) ?? Promise.resolve().then(() => inTurn(id))
  waiting.set(id, next)
  return next
}

const inTurn = async (id: string): Promise<unknown> =>
  navigator.locks.request(`save ${keyOf(id)}`, async () => (waiting.delete(id) ? saveNow(id) : undefined))

async function saveNow(id: string, leaving = false): Promise<unknown> {
  const { reply, note, unsigned } = getDraft(id)
  const call = api.PUT('/v1/issues/{issue_id}/draft', { params: { path: { issue_id: id } }, body: { reply, note, unsigned: Boolean(unsigned) }, keepalive: leaving, signal: AbortSignal.timeout(SAVE_MS) })
  const problem = await call.then(({ response, error }) => (response.ok ? undefined : errorOf(response.status, error)), (error: unknown) => error)
  const isRefused = isForbidden(problem) || isMissing(problem)
  if (!problem || isRefused) unsaved.delete(id)
  else unsaved.add(id)
  const now = getDraft(id)
  // What was refused is not offered again and again.
  if ((!problem || isRefused) && now.reply === reply && now.note === note && (reply || note)) put(id, { ...now, saved: isRefused ? 'nothing' : 'server' })
  return unsaved.has(id) ? problem : undefined
}

/** Puts words that came back before what was written meanwhile; what comes with either stays. */
export function giveBack(id: string, part: Mode, body: string, more: Partial<DraftText> = {}): void {
  const now = getDraft(id)
  const words = now[part]
  const ids = new Set(more.files?.map((file) => file.id))
  changeDraft(id, {
    ...(part === 'reply' && {
      suggestionId: now.suggestionId ?? more.suggestionId, suggested: now.suggested ?? more.suggested, thenStatus: now.thenStatus ?? more.thenStatus, unsigned: now.unsigned ?? more.unsigned,
      markers: [...new Set([...(more.markers ?? []), ...(now.markers ?? [])])], addTags: [...new Set([...(more.addTags ?? []), ...(now.addTags ?? [])])], templates: [...(more.templates ?? []), ...(now.templates ?? [])].slice(-MOST_TEMPLATES),
    }),
    files: [...(more.files ?? []), ...(now.files ?? []).filter((file) => !ids.has(file.id))],
    tried: more.tried, mode: part, [part]: words.trim() ? `${body}\n\n${words}` : body,
  })
}

/** Takes over what was written in another browser, where nothing was begun in this one. */
export async function fetchOnce(id: string): Promise<void> {
  if (asked.has(id)) return
  asked.add(id)
  const asker = owner
  const answer = await api.GET('/v1/issues/{issue_id}/draft', { params: { path: { issue_id: id } } }).catch(() => undefined)
  if (!answer?.response.ok) asked.delete(id)
  const here = getDraft(id)
  if (!answer?.data || asker !== owner || written.has(id) || here.saved === 'device') return
  const { reply, note, unsigned, updated_at } = answer.data
  const isHere = Boolean(here.reply || here.note)
  if (updated_at && (here.reply !== reply || here.note !== note)) {
    const { stowed, ...aside } = parsed(recall(keyOf(id)))
    put(id, { ...(isHere ? EMPTY : here), ...(stowed && aside), reply, note, unsigned: unsigned || undefined, saved: 'server' })
  } else if (!updated_at && !isHere) keep(keyOf(id), null)
}

/** Saves at once what this device alone has, as before signing out; throws when it fails again. */
export async function saveDrafts(leaving = false): Promise<void> {
  // What a page before this one could not save, as after a crash.
  for (const id of keptKeys(prefix()).map((key) => key.slice(prefix().length))) if (!id.includes(' ') && getDraft(id).saved === 'device') unsaved.add(id)
  const problems = await Promise.all([...new Set([...timers.keys(), ...unsaved])].map((id) => save(id, leaving)))
  const problem = problems.find(Boolean)
  if (problem) throw problem
}

const tryAgain = (): void => void saveDrafts().catch(() => undefined)

/** Makes what is kept that of this person: what another wrote on this device goes, what nobody's was is theirs. */
export function draftsBelongTo(person: string): void {
  if (person === owner) return
  const adopted = owner ? [] : [...drafts]
  forgetDrafts()
  owner = person
  keep(OWNER, person)
  for (const [id, draft] of adopted) {
    put(id, draft)
    // Written before it was known who writes: the pause that would have saved it was ended with the rest.
    if (draft.saved === 'device') unsaved.add(id)
  }
}

/** Wipes all drafts of this device, when somebody signs out or another signs in. */
export function forgetDrafts(): void {
  for (const timer of timers.values()) clearTimeout(timer)
  timers.clear()
  drafts.clear()
  asked.clear()
  written.clear()
  unsaved.clear()
  waiting.clear()
  for (const key of [...keptKeys('draft:'), ...keptKeys('sending:')]) keep(key, null)
  try {
    sessionStorage.clear()
  } catch { /* off */ }
  tell()
}

export const draftOwner = (): string => owner

onMe((me) => {
  draftsBelongTo(me.id)
  tryAgain()
})
onSession(() => { if (isSignedOut()) stow({ inTab: false }) })
addEventListener('online', tryAgain)
addEventListener('pagehide', () => {
  void saveDrafts(true).catch(() => undefined)
  stow({ inTab: !isSignedOut() })
})
addEventListener('storage', (event) => {
  // Another tab wrote: what is typed here just now stays. One that was left took words off the device, which are there.
  if (parsed(event.newValue).stowed) return
  const id = event.key?.startsWith(prefix()) ? event.key.slice(prefix().length) : ''
  const field = document.activeElement
  if (!id || (document.hasFocus() && field instanceof HTMLTextAreaElement && field.dataset.issue === id)) return
  clearTimeout(timers.get(id))
  timers.delete(id)
  drafts.delete(id)
  tell()
})

/** The draft of an issue; what another browser kept is asked for only where this person may write. */
export function useDraftText(id: string, mayWrite = true): [DraftText, (change: Partial<DraftText>) => void] {
  const draft = useSyncExternalStore(
    useCallback((listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }, []),
    () => getDraft(id),
  )
  useEffect(() => (mayWrite ? afterPaint(() => void fetchOnce(id)) : undefined), [id, mayWrite])
  return [draft, useCallback((change: Partial<DraftText>) => changeDraft(id, change), [id])]
}
