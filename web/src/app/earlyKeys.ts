/** Keys that are pressed while a menu or a popover opens are for what is in it, which has the focus only some frames later. */

/** Longer than this nobody waits for what a key opens: keys are kept for it no longer, and it opens no more by itself. */
export const AHEAD_MS = 3000
/** Nothing opens; something does; it has the focus and gets its keys; it was closed by one of them, and the rest is for the page. */
let state: 'none' | 'coming' | 'giving' | 'back' = 'none'
let early: KeyboardEvent[] = []
let ends: ReturnType<typeof setTimeout> | undefined
/** Whether the last key that it got, by itself or from here, was one that may have closed it. */
let closes = false

const inOverlay = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && target.closest('[role^=menuitem], [role=dialog]') !== null && !isClosing(target)

/** Whether the element goes away with what was closed, and has the focus only until then. */
export const isClosing = (target: EventTarget | null): boolean => target instanceof Element && target.closest('[data-closed]') !== null

/** What may be handed on: characters and what moves, takes, removes or closes; with a modifier only what sends. */
const isHeld = ({ key }: KeyboardEvent, withMod: boolean): boolean =>
  withMod ? key === 'Enter' : key.length === 1 || /^(Enter|Escape|Backspace|Arrow\w+)$/.test(key)

/** Something is being opened by a key: what is pressed next waits until an entry or a field of it has the focus. */
export function overlayComes(): void {
  clearTimeout(ends)
  ends = setTimeout(overlayStays, AHEAD_MS)
  if (state === 'coming') return
  state = 'coming'
  addEventListener('focusin', onFocus)
  // Before what has the focus sees a key: none may overtake those that wait.
  addEventListener('keydown', onKey, true)
}

/** Nothing opens after all. */
export function overlayStays(): void {
  clearTimeout(ends)
  removeEventListener('focusin', onFocus)
  removeEventListener('keydown', onKey, true)
  state = 'none'
  early = []
}

function onKey(event: KeyboardEvent): void {
  const { target, key } = event
  if (event.isTrusted && !event.isComposing && (state === 'coming' || early.length) && isHeld(event, event.ctrlKey || event.metaKey)) {
    const field = target instanceof Element && target.matches('input, textarea, select')
    // Somebody has gone to write elsewhere.
    if (field && !inOverlay(target) && !isClosing(target)) return overlayStays()
    event.preventDefault()
    event.stopImmediatePropagation()
    early.push(event)
  } else if (inOverlay(target)) closes = key === 'Enter' || key === 'Escape'
}

function onFocus({ target }: FocusEvent): void {
  if (!inOverlay(target)) return
  removeEventListener('focusin', onFocus)
  state = 'giving'
  closes = false
  setTimeout(give)
}

/** One key at a time: where one moves to is where the next one goes, and is drawn in between. */
function give(): void {
  if (state !== 'giving') return
  const field = document.activeElement
  if (!inOverlay(field) && closes) return handBack()
  const event = early.shift()
  if (!event || !inOverlay(field)) return overlayStays()
  hand(field, event)
  setTimeout(give)
}

/** It took its last key: what was pressed after that is for the page, or for what the page opens next. */
function handBack(): void {
  state = 'back'
  const event = early.shift()
  if (!event) return overlayStays()
  hand(isClosing(document.activeElement) ? document.body : document.activeElement ?? document.body, event)
  setTimeout(() => { if (state === 'back') handBack() })
}

function hand(to: Element, event: KeyboardEvent): void {
  if (!typed(to, event)) to.dispatchEvent(new KeyboardEvent('keydown', event))
}

/** Types a key into a field, by the only way that a field takes for somebody's typing. */
function typed(field: Element, { key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || !field.matches('input, textarea')) return false
  if (key === 'Backspace') return document.execCommand('delete')
  const text = key === 'Enter' && field.matches('textarea') ? '\n' : key
  return text.length === 1 && document.execCommand('insertText', false, text)
}
