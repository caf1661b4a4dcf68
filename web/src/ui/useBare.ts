import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { overlayComes } from '../app/earlyKeys'

/** What befell the bare trigger that stood in the place of one with its menu or popover. */
export type FromBare = { press?: 'mouse' | 'key' | undefined; focused: boolean }

/**
 * Goes on where the bare trigger was left: keeps its focus, and opens what a press asked for. What a key opened, on the
 * trigger or as a command from anywhere, is opened by a click without a pointer: a menu then has its first entry in hand,
 * where one that a mouse opened, or that is merely told to be open, has none.
 *
 * Args: `open` as in the props of the part, which may leave it to itself.
 * Returns the place of the trigger, and the props of the part's root.
 */
export function useBare(bare: FromBare | undefined, open: boolean | undefined, onOpenChange: ((open: boolean) => void) | undefined) {
  const trigger = useRef<HTMLButtonElement>(null)
  const first = useRef(bare)
  const [shown, setShown] = useState(bare?.press === 'mouse')
  const told = open ?? shown
  if (shown && !told) setShown(false)
  useLayoutEffect(() => { if (first.current?.focused && document.activeElement === document.body) trigger.current?.focus() }, [])
  useEffect(() => {
    const pressed = first.current?.press === 'key'
    first.current = undefined
    if (!pressed && (!told || shown)) return
    overlayComes()
    // A pointer that went down on it and not up again would have it pass over the click.
    trigger.current?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Shift', bubbles: true }))
    trigger.current?.click()
  }, [told, shown])
  const root = {
    open: shown && told,
    onOpenChange: (next: boolean) => {
      setShown(next)
      // Who told it to be open is not told so again.
      if (next !== open) onOpenChange?.(next)
    },
  }
  return { trigger, root }
}
