import { useSyncExternalStore } from 'react'
import type { Issue } from '../../api/queries/issues'

/** How many messages of an issue were seen on this device, so that what is new can be shown. Keeps the newest 2,000. */
const KEY = 'seen'
const MOST = 2000
const STORE_AFTER_MS = 400

function read(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, number>
  } catch {
    return {}
  }
}

let seen = read()
let waiting: ReturnType<typeof setTimeout> | undefined

/** Once for several issues that were gone through: writing all of it takes as long as drawing a message. */
function store(): void {
  clearTimeout(waiting)
  if (waiting === undefined) return
  waiting = undefined
  try {
    localStorage.setItem(KEY, JSON.stringify(seen))
  } catch { /* full or off: known until the page is left */ }
}
addEventListener('pagehide', store)

const listeners = new Set<() => void>()

export const seenCount = (id: string): number | undefined => seen[id]

export function markSeen(id: string, count: number): void {
  if (seen[id] === count) return
  const { [id]: _before, ...others } = seen
  seen = Object.fromEntries([...Object.entries(others).slice(1 - MOST), [id, count]])
  waiting ??= setTimeout(store, STORE_AFTER_MS)
  for (const listener of listeners) listener()
}

/** Whether the customer of an issue at work has written something that was not seen here. */
export function useUnread({ id, status, message_count: count, last_message: last }: Issue): boolean {
  const known = useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, () => seen[id] ?? 0)
  return last?.author === 'customer' && count > known && (status === 'open' || status === 'pending')
}
