import { useEffect, type RefObject } from 'react'

const HIGHLIGHT = 'found'
const MOST_MARKS = 500

/** Whether a word is one that was searched for, perhaps with another ending: `invoices` for `invoice`, and the other way round. */
const isOf = (word: string, wanted: string): boolean =>
  word === wanted || (wanted.length > 3 && word.startsWith(wanted)) || (word.length > 3 && wanted.startsWith(word) && wanted.length - word.length < 3)

/** Where a text has the words that were searched for; letters of any language, whether large or small. */
export function findWords(text: string, searched: string): [start: number, end: number][] {
  const wanted = (searched.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 1)
  const found: [number, number][] = []
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    const small = word.toLowerCase()
    if (wanted.some((one) => isOf(small, one))) found.push([index, index + word.length])
  }
  return found
}

/** Marks the words that were searched for in what the element shows, also when that comes later. */
export function useMarkedWords(box: RefObject<HTMLElement | null>, searched: string): void {
  useEffect(() => {
    const root = box.current
    if (!root || !('highlights' in CSS)) return
    const mark = () => CSS.highlights.set(HIGHLIGHT, new Highlight(...rangesIn(root, searched)))
    mark()
    const watch = new MutationObserver(mark)
    watch.observe(root, { childList: true, characterData: true, subtree: true })
    return () => {
      watch.disconnect()
      CSS.highlights.delete(HIGHLIGHT)
    }
  }, [box, searched])
}

function rangesIn(root: HTMLElement, searched: string): Range[] {
  const ranges: Range[] = []
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node && ranges.length < MOST_MARKS; node = walker.nextNode()) {
    for (const [start, end] of findWords(node.textContent ?? '', searched)) {
      const range = document.createRange()
      range.setStart(node, start)
      range.setEnd(node, end)
      ranges.push(range)
    }
  }
  return ranges
}
