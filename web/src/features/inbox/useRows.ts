import { useCallback, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

const BEYOND = 10

let rem = 0
/** The size of text that the browser is set to, read once: asking has the browser lay the page out. */
export const remInPixels = (): number => (rem ||= parseFloat(getComputedStyle(document.documentElement).fontSize))

/**
 * Which rows of a long list are to be elements: those in sight and a few beyond. All rows are equally high, so there is
 * nothing to measure, and no library for it in what is loaded first.
 */
export function useRows(count: number, height: number) {
  const box = useRef<HTMLDivElement>(null)
  const [range, setRange] = useState({ from: 0, to: 2 * BEYOND })
  const look = useCallback((): { from: number; to: number } | undefined => {
    const element = box.current
    if (!element) return undefined
    const from = Math.max(0, Math.floor(element.scrollTop / height) - BEYOND)
    return { from, to: from + Math.ceil(element.clientHeight / height) + 2 * BEYOND }
  }, [height])
  const update = useCallback(() => {
    const next = look()
    if (next) setRange((now) => (now.from === next.from && now.to === next.to ? now : next))
  }, [look])
  // The box is there once there is a row.
  const isThere = count > 0
  useLayoutEffect(() => {
    const element = box.current
    if (!element || !isThere) return
    update()
    // At once: a row that is drawn a frame later is a blank in a fast scroll.
    const onScroll = () => flushSync(update)
    const resized = new ResizeObserver(update)
    resized.observe(element)
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      resized.disconnect()
      element.removeEventListener('scroll', onScroll)
    }
  }, [update, isThere])
  const show = useCallback((index: number) => {
    const element = box.current
    if (!element) return
    const top = index * height
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + height > element.scrollTop + element.clientHeight) element.scrollTop = top + height - element.clientHeight
  }, [height])
  return { box, show, from: Math.min(range.from, count), to: Math.min(range.to, count), total: count * height }
}
