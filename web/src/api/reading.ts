import { useSyncExternalStore } from 'react'
import { api, ok } from './client'
import { queryClient } from './queryClient'
import { issueKeys, type Issue } from './queries/issues'
import type { MarkOut } from './schema'
import { onMe } from './session'

/**
 * What the person who works here has read, and what they marked as unread. The server has it for all their browsers;
 * this device keeps the newest 2,000 marks as well, so that a list is right before it has been asked.
 */
export type Mark = { seen: number; unread: boolean }
type Kept = { owner: string; marks: Record<string, Mark> }
const KEY = 'reading'
const MOST = 2000
const MOST_AT_ONCE = 500
const SEND_AFTER_MS = 400

function read(): Kept {
  try {
    // What a build before kept, of whoever worked here.
    localStorage.removeItem('seen')
    return { owner: '', marks: {}, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept> }
  } catch {
    return { owner: '', marks: {} }
  }
}

let { owner, marks } = read()
/** What the server has not been told yet, and what it is being told. */
const pending = new Map<string, Partial<Mark>>()
const sent = new Set<string>()
let sending: Promise<void> = Promise.resolve()
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

export const markOf = (id: string): Mark | undefined => marks[id]
export const isUnread = ({ id, status, message_count: count, last_message: last }: Issue): boolean =>
  (marks[id]?.unread ?? false) || (last?.author === 'customer' && count > (marks[id]?.seen ?? 0) && (status === 'open' || status === 'pending'))

/** Whether somebody marked it, or the customer of an issue at work has written something that was not seen. */
export const useUnread = (issue: Issue): boolean => useReading(() => isUnread(issue))
/** What `ask` says, anew whenever something was read or marked. */
export const useReading = (ask: () => boolean): boolean => useSyncExternalStore(subscribe, ask)
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function set(changes: readonly MarkOut[]): void {
  const next = new Map(Object.entries(marks))
  for (const { issue_id: id, seen, unread } of changes) {
    // The newest are at the end.
    next.delete(id)
    next.set(id, { seen, unread })
  }
  marks = Object.fromEntries([...next].slice(-MOST))
  for (const listener of listeners) listener()
}

/** Writing all of it takes as long as drawing a message: once for several issues that were gone through. */
function store(): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ owner, marks } satisfies Kept))
  } catch { /* full or off: the server has it */ }
}

/** Marks as the server has them; what it has not been told yet stays. */
export function takeMarks(told: readonly MarkOut[]): void {
  const news = told.filter(({ issue_id: id, seen, unread }) => !pending.has(id) && !sent.has(id) && (marks[id]?.seen !== seen || marks[id].unread !== unread))
  if (!news.length) return
  set(news)
  store()
  void queryClient.invalidateQueries({ queryKey: issueKeys.counts })
}

/** Asks what was read elsewhere, and tells what could not be told before. */
export async function readMarks(): Promise<void> {
  if (pending.size) await tell().catch(() => undefined)
  // The newest come first.
  takeMarks((await ok(api.GET('/v1/reading'))).data.toReversed())
}

/** What is on the page of an issue was seen, soon to be told; a lower number than before is no news. */
export function markSeen(id: string, mark: Partial<Mark>): void {
  const before = marks[id] ?? { seen: 0, unread: false }
  const now = { ...before, ...mark, seen: Math.max(before.seen, mark.seen ?? 0) }
  if (now.seen === before.seen && now.unread === before.unread) return
  set([{ issue_id: id, ...now }])
  pending.set(id, { ...pending.get(id), ...mark })
  timer ??= setTimeout(() => void tell().catch(() => undefined), SEND_AFTER_MS)
}

/** Marks issues as unread or as read, and throws when the server refuses: then they are as before. */
export async function setUnread(changes: ReadonlyMap<string, Partial<Mark>>): Promise<void> {
  const before = [...changes.keys()].map((id) => ({ issue_id: id, ...(marks[id] ?? { seen: 0, unread: false }) }))
  set([...changes].map(([id, mark]) => ({ issue_id: id, ...(marks[id] ?? { seen: 0, unread: false }), ...mark })))
  for (const [id, mark] of changes) pending.set(id, { ...pending.get(id), ...mark })
  try {
    await tell()
  } catch (error) {
    for (const { issue_id: id } of before) pending.delete(id)
    set(before)
    throw error
  }
}

/** Tells the server one batch after the other, so that the last word is the last one that it hears. */
function tell(leaving = false): Promise<void> {
  clearTimeout(timer)
  timer = undefined
  sending = sending.catch(() => undefined).then(async () => {
    while (pending.size) {
      const batch = [...pending].slice(0, MOST_AT_ONCE)
      for (const [id] of batch) { pending.delete(id); sent.add(id) }
      try {
        await ok(api.PUT('/v1/reading', { body: { marks: batch.map(([issue_id, mark]) => ({ issue_id, ...mark })) }, keepalive: leaving }))
      } catch (error) {
        for (const [id, mark] of batch) pending.set(id, { ...mark, ...pending.get(id) })
        throw error
      } finally {
        for (const [id] of batch) sent.delete(id)
      }
    }
    void queryClient.invalidateQueries({ queryKey: issueKeys.counts })
  })
  store()
  return sending
}

addEventListener('pagehide', () => { if (pending.size) void tell(true).catch(() => undefined) })
onMe(({ id }) => {
  if (id === owner) return
  owner = id
  marks = {}
  pending.clear()
  set([])
  store()
})

/** Forgets on this device what was read; the server keeps it. */
export function forgetMarks(): void {
  pending.clear()
  marks = {}
  try {
    localStorage.removeItem(KEY)
  } catch { /* the browser keeps nothing */ }
}
