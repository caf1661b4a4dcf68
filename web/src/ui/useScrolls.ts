import { useEffect, useState, type RefObject } from 'react'

/** Whether a box holds more than it shows: then it has to be reachable by keys, or only a mouse could scroll it. */
export function useScrolls(box: RefObject<HTMLElement | null>): boolean {
  const [scrolls, setScrolls] = useState(false)
  useEffect(() => {
    const element = box.current
    if (!element) return undefined
    const look = () => setScrolls(element.scrollHeight - element.clientHeight > 1)
    const resized = new ResizeObserver(look)
    resized.observe(element)
    // What is in it may come and go as a whole.
    const watch = () => { for (const child of element.children) resized.observe(child) }
    const replaced = new MutationObserver(watch)
    replaced.observe(element, { childList: true })
    watch()
    return () => {
      resized.disconnect()
      replaced.disconnect()
    }
  }, [box])
  return scrolls
}
