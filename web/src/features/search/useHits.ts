import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, type RefObject } from 'react'
import { useCommands, type Command } from '../../app/commands'
import { pageIsHere, waitForPage } from '../../app/earlyKeys'
import { latestIssueId, router, searchRoute } from '../../routes'
import { words } from '../../strings/pages/search'

type Parts = { field: RefObject<HTMLInputElement | null>; list: RefObject<HTMLDivElement | null> }
/** `settled`: what is listed is what was asked for, not what was found for other words. */
type State = { settled: boolean; shown: string | undefined; previews: boolean }

const isHere = (): boolean => router.latestLocation.pathname === '/search'
const resultsIn = (list: HTMLElement | null): HTMLElement[] => [...(list?.querySelectorAll<HTMLElement>('[data-result]') ?? [])]

/** Moving through what was found. The hit in hand has the focus and stands in the address: whoever comes back is there again. */
export function useHits({ field, list }: Parts, { settled, shown, previews }: State): { choose: (id: string) => void; step: (by: number) => void; open: () => void } {
  const search = searchRoute.useSearch()
  const { hit } = search
  const navigate = useNavigate()
  const hitLink = (id: string | undefined) => resultsIn(list.current).find((one) => one.dataset.result === id)
  const choose = (id: string) => {
    if (id !== hit && isHere()) void navigate({ to: '/search', search: { ...search, hit: id }, replace: true })
  }
  const step = (by: number) => {
    // A hit is being opened: the key is for its page.
    if (!isHere()) return latestIssueId() ? waitForPage(undefined) : undefined
    if (!settled) {
      // It is for what comes, and so is what is pressed after it.
      list.current?.focus()
      return waitForPage([by < 0 ? 'ArrowUp' : 'ArrowDown'])
    }
    const all = resultsIn(list.current)
    if (!all.length) return field.current?.focus()
    const focused = all.findIndex((one) => one === document.activeElement)
    if (focused === 0 && by < 0) return field.current?.focus()
    // From the field one comes back to the hit that was in hand.
    const held = all.findIndex((one) => one.dataset.result === hit)
    const to = focused >= 0 ? focused + by : held >= 0 && document.activeElement === field.current ? held : held + by
    all[Math.max(0, Math.min(all.length - 1, to))]?.focus()
  }
  /** The hit in hand, which is the first one where none was chosen; what is still to come is waited for. */
  const open = () => {
    if (!isHere()) return
    if (settled) return (hitLink(hit) ?? hitLink(shown) ?? resultsIn(list.current)[0])?.click()
    list.current?.focus()
    waitForPage(['Enter'])
  }
  const back = () => {
    if (document.activeElement?.closest('#preview')) hitLink(shown)?.focus()
    else if (list.current?.contains(document.activeElement)) field.current?.focus()
  }
  useEffect(() => { if (settled) pageIsHere() }, [settled])
  useFirstFocus({ field, list }, settled)
  const inPreview: Command[] = [
    { id: 'search.preview', label: words.toPreview, group: 'page', keys: ['p'], run: () => document.querySelector<HTMLElement>('#preview')?.focus() },
  ]
  useCommands([
    { id: 'search.next', label: words.next, group: 'page', keys: ['j', 'arrowdown'], keysOnly: true, run: () => step(1) },
    { id: 'search.previous', label: words.previous, group: 'page', keys: ['k', 'arrowup'], keysOnly: true, run: () => step(-1) },
    { id: 'search.open', label: words.open, group: 'page', keys: ['o', 'enter'], keysOnly: true, run: open },
    { id: 'search.back', label: words.toResults, group: 'page', keys: ['escape'], keysOnly: true, run: back },
    { id: 'search.focus', label: words.focus, group: 'page', keys: ['/'], keysOnly: true, run: () => field.current?.focus() },
    ...(previews ? inPreview : []),
  ])
  return { choose, step, open }
}

/** Who comes begins in the field, and who comes back from a hit at that hit. */
function useFirstFocus({ field, list }: Parts, settled: boolean): void {
  const { hit } = searchRoute.useSearch()
  const done = useRef(false)
  useEffect(() => {
    if (done.current || (hit && !settled)) return
    done.current = true
    // Somebody who has begun to write meanwhile stays there.
    if (hit && document.activeElement instanceof HTMLInputElement) return
    const back = resultsIn(list.current).find((one) => one.dataset.result === hit)
    const target = back ?? field.current
    target?.focus()
  }, [hit, settled, field, list])
}
