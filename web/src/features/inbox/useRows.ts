import { useCallback, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

const BEYOND = 10
const USUAL_REM_PX = 16
/** Before anything is measured, which would have the browser lay the page out once more: as many rows as a window holds. */
const inWindow = (rem: number): number => Math.ceil(innerHeight / (rem * USUAL_REM_PX))

/**
 * Which rows of a long list are to be elements: those in sight and a few beyond. All rows are equally high, by style
 * sheets alone: they grow at once with the text and are close or apart as people choose, and what is measured is what
 * is there. So there is no library for it in what is loaded first.
 *
 * Args: how many rows there are, and about how high each is.
 * Returns where the box and the list in it are to be put, and which rows to draw.
 */
export function useRows(count: number, rem: number) {
  const box = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const rows = useRef(count)
  const [range, setRange] = useState({ from: 0, to: inWindow(rem) })
  useLayoutEffect(() => { rows.current = count }, [count])
  const heightOf = useCallback((): number => (list.current?.offsetHeight ?? 0) / Math.max(1, rows.current), [])
  const update = useCallback(() => {
    const [element, height] = [box.current, heightOf()]
    if (!element || !height) return
    const from = Math.max(0, Math.floor(element.scrollTop / height) - BEYOND)
    const to = from + Math.ceil(element.clientHeight / height) + 2 * BEYOND
    setRange((now) => (now.from === from && now.to === to ? now : { from, to }))
  }, [heightOf])
  // The box is there once there is a row.
  const isThere = count > 0
  useLayoutEffect(() => {
    const [element, inside] = [box.current, list.current]
    if (!element || !inside || !isThere) return
    let before = 0
    // Told of its size before the first paint as well, when the page has been laid out anyway.
    const resized = new ResizeObserver(() => {
      const height = heightOf()
      // What was in sight stays there when rows grow or shrink.
      if (before && height !== before) element.scrollTop *= height / before
      before = height
      update()
    })
    // At once: a row that is drawn a frame later is a blank in a fast scroll.
    const onScroll = () => flushSync(update)
    resized.observe(element)
    resized.observe(inside)
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      resized.disconnect()
      element.removeEventListener('scroll', onScroll)
    }
  }, [update, heightOf, isThere])
  const show = useCallback((index: number) => {
    const [element, height] = [box.current, heightOf()]
    if (!element) return
    const top = index * height
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + height > element.scrollTop + element.clientHeight) element.scrollTop = top + height - element.clientHeight
  }, [heightOf])
  return { box, list, show, from: Math.min(range.from, count), to: Math.min(range.to, count) }
}
