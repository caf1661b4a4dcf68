import { startTransition, useEffect, useState } from 'react'

/**
 * The value as it was when the page was last painted, and the new one right after the next paint: what is beside the
 * point lets what was asked for be seen first, and fast moves through a list skip it.
 */
export function useAfterPaint<T>(value: T): T {
  const [shown, setShown] = useState(value)
  useEffect(() => {
    let timer = 0
    // A timer that is set in an animation frame runs after that frame was painted.
    const frame = requestAnimationFrame(() => { timer = window.setTimeout(() => startTransition(() => setShown(value))) })
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
    }
  }, [value])
  return shown
}
