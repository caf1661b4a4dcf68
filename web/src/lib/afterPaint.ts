import { startTransition, useEffect, useState } from 'react'

/** Calls once the page was painted next: what nobody waits for. Returns what takes it back. */
export function afterPaint(call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  // A timer that is set in an animation frame runs after that frame was painted.
  const frame = requestAnimationFrame(() => { timer = setTimeout(call) })
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
}

/**
 * The value as it was when the page was last painted, and the new one right after the next paint: what is beside the
 * point lets what was asked for be seen first, and fast moves through a list skip it.
 */
export function useAfterPaint<T>(value: T, before: T = value): T {
  const [shown, setShown] = useState(before)
  useEffect(() => afterPaint(() => startTransition(() => setShown(value))), [value])
  return shown
}
