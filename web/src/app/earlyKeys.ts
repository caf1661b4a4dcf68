/** Keys that are pressed while a menu or a popover opens are for what is in it, which has the focus only some frames later. */

const LONGEST_MS = 3000
let coming = false
let early: KeyboardEvent[] = []
let ends: ReturnType<typeof setTimeout> | undefined

const inOverlay = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && target.closest('[role^=menuitem], [role=dialog]') !== null

/** Something is being opened by a key: what is pressed next waits until an entry or a field of it has the focus. */
export function overlayComes(): void {
  clearTimeout(ends)
  ends = setTimeout(end, LONGEST_MS)
  if (coming) return
  coming = true
  addEventListener('focusin', onFocus)
}

function end(): void {
  clearTimeout(ends)
  removeEventListener('focusin', onFocus)
  coming = false
  early = []
}

/** Whether a key came too early for what is being opened, which gets it later. */
export function isEarly(event: KeyboardEvent, withMod: boolean): boolean {
  if (!coming || withMod || !event.isTrusted) return false
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
  if (!event || !inOverlay(field)) return end()
  // The only way to type that a field takes for somebody's typing.
  if (event.key.length === 1 && field.matches('input, textarea')) document.execCommand('insertText', false, event.key)
  else field.dispatchEvent(new KeyboardEvent('keydown', event))
  setTimeout(give)
}
