import type { Source } from '../../lib/citations'

/** Which source is open beside the words, and where the keyboard goes back to. */
export type OpenSource = { source: Source; from: HTMLElement | null }

let open: OpenSource | undefined
const listeners = new Set<() => void>()

export const openedSource = (): OpenSource | undefined => open

export function setOpenSource(next: OpenSource | undefined): void {
  open = next
  listeners.forEach((tell) => tell())
}

export function onOpenSource(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
