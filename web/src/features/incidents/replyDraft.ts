import { draftOwner, keep, keptKeys, recall } from '../issue/useDraftText'

export const THENS = ['stay', 'pending', 'resolved'] as const
export type Then = (typeof THENS)[number]
/** What was given to the server under a key, which alone decides what became of it. */
export type Tried = { key: string; body: string; left: string[]; also: string[]; then: Then; issueIds: string[]; rest: boolean; again: boolean }
/**
 * A reply to all as it is written, one for all tabs: kept on this device for who writes it, and wiped with their other
 * drafts. With `tried` it is under way while the lock of `sendReply` is held, and nobody knows once it is not.
 */
export type ReplyDraft = {
  /** Not there before anything was written. */
  body?: string | undefined
  /** Issues that were unselected, and those that have a reply of the incident already and were selected all the same. */
  left: string[]
  also: string[]
  then: Then
  tried?: Tried | undefined
}

const FRESH: ReplyDraft = { left: [], also: [], then: 'pending' }
const START = (): string => `draft:${draftOwner()}:incident `
const known = new Map<string, ReplyDraft>()
const listeners = new Set<() => void>()

export function getReply(incidentId: string): ReplyDraft {
  const key = START() + incidentId
  const found = known.get(key) ?? read(key) ?? FRESH
  known.set(key, found)
  return found
}

function read(key: string): ReplyDraft | undefined {
  try {
    const kept = JSON.parse(recall(key) ?? 'null') as Partial<ReplyDraft> | null
    return kept ? { ...FRESH, ...kept } : undefined
  } catch {
    return undefined
  }
}

export function changeReply(incidentId: string, change: (now: ReplyDraft) => ReplyDraft): void {
  const key = START() + incidentId
  const next = change(getReply(incidentId))
  known.set(key, next)
  keep(key, JSON.stringify(next))
  tell()
}

/** Whether it stands as it was shown, also where another tab has written what this one was not told yet. */
export function isStill(incidentId: string, shown: ReplyDraft): boolean {
  const key = START() + incidentId
  const kept = read(key)
  if (kept && JSON.stringify(kept) !== JSON.stringify(getReply(incidentId))) {
    known.set(key, kept)
    tell()
  }
  return JSON.stringify(getReply(incidentId)) === JSON.stringify(shown)
}

/** Whether somebody who goes now leaves words to all behind, or does not know what became of them. */
export const hasUnsentReply = (): boolean => keptKeys(START()).some((key) => {
  const { body, tried } = known.get(key) ?? read(key) ?? FRESH
  return Boolean(tried ?? body?.trim())
})

function tell(): void {
  for (const listener of listeners) listener()
}

export function onReply(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

addEventListener('storage', ({ key }) => { if (key && known.delete(key)) tell() })

/** With the words that come back before what was written meanwhile. */
export const givenBack = (now: ReplyDraft, { body, left, also, then }: Tried): ReplyDraft => ({
  ...now, then, left: [...new Set([...left, ...now.left])], also: [...new Set([...also, ...now.also])],
  body: !now.body?.trim() || now.body === body ? body : `${body}\n\n${now.body}`,
})

/** Once all of it is queued: those beyond the limit have the same words next. Who has had them the server knows. */
export function sent(now: ReplyDraft, tried: Tried): ReplyDraft {
  const next = { ...now, tried: undefined }
  return tried.rest ? givenBack(next, tried) : next
}

/** Once it is known what of it could be taken back: the words are there again, unless all of them have gone. */
export function takenBack(now: ReplyDraft, tried: Tried, taken: readonly string[], gone: readonly string[]): ReplyDraft {
  const isUnsettled = now.tried?.key === tried.key
  if (gone.length && !taken.length) return isUnsettled ? sent(now, tried) : now
  return givenBack({ ...now, tried: isUnsettled ? undefined : now.tried }, tried)
}
