/** Keys that are pressed while a menu or a popover opens are for what is in it, which has the focus only some frames later. */

const LONGEST_MS = 3000
let coming = false
let early: KeyboardEvent[] = []
let ends: ReturnType<typeof setTimeout> | undefined

const inOverlay = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && target.closest('[role^=menuitem], [role=dialog]') !== null

/** What may be handed on: characters and what moves, takes, removes or closes; with a modifier only what sends. */
const isHeld = ({ key }: KeyboardEvent, withMod: boolean): boolean =>
  withMod ? key === 'Enter' : key.length === 1 || /^(Enter|Escape|Backspace|Arrow\w+)$/.test(key)

/** Something is being opened by a key: what is pressed next waits until an entry or a field of it has the focus. */
export function overlayComes(): void {
  clearTimeout(ends)
  ends = setTimeout(overlayStays, LONGEST_MS)
  if (coming) return
  coming = true
  addEventListener('focusin', onFocus)
}

/** Nothing opens after all. */
export function overlayStays(): void {
  clearTimeout(ends)
  removeEventListener('focusin', onFocus)
  coming = false
  early = []
}

/** Whether a key came too early for what is being opened, which gets it later. */
export function isEarly(event: KeyboardEvent, withMod: boolean): boolean {
  if (!coming || !event.isTrusted || !isHeld(event, withMod)) return false
  if (event.target instanceof Element && event.target.matches('input, textarea, select') && !inOverlay(event.target)) {
    // Somebody has gone to write elsewhere.
    overlayStays()
    return false
  }
  event.preventDefault()
  early.push(event)
  return true
}

function onFocus({ target }: FocusEvent): void {
  if (!inOverlay(target)) return
  removeEventListener('focusin', onFocus)
  setTimeout(give)
}

/** One key at a time: where one moves to is where the next one goes, and is drawn in between. */
function give(): void {
  const event = early.shift()
  const field = document.activeElement
  if (!event || !inOverlay(field)) return overlayStays()
  if (!typed(field, event)) field.dispatchEvent(new KeyboardEvent('keydown', event))
  setTimeout(give)
}

/** Types a key into a field, by the only way that a field takes for somebody's typing. */
function typed(field: HTMLElement, { key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || !field.matches('input, textarea')) return false
  if (key === 'Backspace') return document.execCommand('delete')
  const text = key === 'Enter' && field.matches('textarea') ? '\n' : key
  return text.length === 1 && document.execCommand('insertText', false, text)
}
