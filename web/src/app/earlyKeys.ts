/**
 * Keys that are pressed before what they are for is there: the page of an issue, a field, a menu. They wait in the order
 * in which they were pressed, and are handed on one at a time, to what has the focus by then or to the page. One of them may
 * open something else: the rest goes on waiting.
 */

/** Longer than this nobody waits for what a key opens: keys are kept for it no longer, and it opens no more by itself. */
export const AHEAD_MS = 3000
/** What is awaited; `giving`: it is here, and gets its keys. */
let state: 'none' | 'page' | 'field' | 'overlay' | 'giving' = 'none'
let early: KeyboardEvent[] = []
let ends: ReturnType<typeof setTimeout> | undefined
/** Where words go whose field does not come. */
let otherwise: ((words: string) => void) | undefined
/** Whether keys may be for the page: the last one that a field or menu got may have closed it, or the page was awaited. */
let toPage = false
/** Keys that have waited and are handed on. */
const handed = new WeakSet<Event>()
/** The key whose command runs. */
let current: KeyboardEvent | undefined

const TEXT = 'input:not([type=checkbox]):not([type=radio]), textarea'

/** Whether the element goes away with what was closed, and has the focus only until then. */
export const isClosing = (target: EventTarget | null): boolean => target instanceof Element && target.closest('[data-closed]') !== null

const isField = (target: EventTarget | null): target is HTMLInputElement => target instanceof Element && target.matches(TEXT) && !isClosing(target)
const inOverlay = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role^=menuitem], [role=dialog]') !== null && !isClosing(target)

/** What may wait: characters and what moves, takes, removes or closes; with a modifier what sends, chooses all or calls the menu. */
const mayWait = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  ctrlKey || metaKey ? /^(Enter|a|k)$/i.test(key) : key.length === 1 || /^(Enter|Escape|Backspace|Arrow\w+)$/.test(key)

function awaits(what: 'page' | 'field' | 'overlay'): void {
  state = what
  clearTimeout(ends)
  ends = setTimeout(neverCame, AHEAD_MS)
}

/** The page of an issue is on its way: keys that no command has yet are for it. */
export function pageComes(): void {
  // Whoever goes elsewhere while a field is awaited, by mouse, has given its words up.
  if (state === 'field' || state === 'overlay') overlayStays()
  awaits('page')
}

/** A field is to have the focus soon: what is typed until then is text, not a command. `late`: where it goes otherwise. */
export function fieldComes(late?: (words: string) => void): void {
  otherwise = late
  awaits('field')
}

/** Something is being opened by a key: what is pressed next is for an entry or a field of it. */
export function overlayComes(): void {
  awaits('overlay')
}

/** Nothing opens after all. */
export function overlayStays(): void {
  clearTimeout(ends)
  state = 'none'
  early = []
  otherwise = undefined
}

function neverCame(): void {
  const end = early.findIndex(({ key }) => key.length > 1)
  const words = (end < 0 ? early : early.slice(0, end)).map(({ key }) => key).join('')
  if (state === 'field' && words) otherwise?.(words)
  overlayStays()
}

/** The page is here and has offered its commands: keys that waited for it run. */
export function pageIsHere(): void {
  if (state !== 'page') return
  begin(true)
}

/** Has the key whose command runs, or else that of the command, wait for the page: it is the first that it gets. */
export function waitForPage(keys: readonly string[] | undefined): void {
  early.unshift(current ?? new KeyboardEvent('keydown', { key: keys?.[0] ?? '', bubbles: true, cancelable: true }))
  awaits('page')
}

/** Keeps a key of one character that no command has while the page is awaited. */
export function keepForPage(event: KeyboardEvent): void {
  if (state === 'page' && !event.repeat) early.unshift(event)
}

/** Runs a command as that of this key. */
export function runAs(event: KeyboardEvent, { opens, run }: { opens?: boolean; run: () => void }): void {
  current = event
  try {
    if (opens) overlayComes()
    run()
  } finally {
    current = undefined
  }
}

/** To be told of each key before what has the focus is: none may overtake those that wait. */
export function onEarlyKey(event: KeyboardEvent): void {
  const { target, key } = event
  if (inOverlay(target) || isField(target)) toPage = key === 'Enter' || key === 'Escape'
  const waits = state === 'field' || state === 'overlay' || (state !== 'none' && early.length > 0)
  if (!waits || handed.has(event) || event.isComposing || !mayWait(event)) return
  // Somebody has gone to write elsewhere.
  if (isField(target) && !inOverlay(target) && (state === 'overlay' || state === 'page')) return overlayStays()
  event.preventDefault()
  event.stopImmediatePropagation()
  early.push(event)
}

export function onEarlyFocus({ target }: FocusEvent): void {
  if ((state === 'field' && isField(target)) || (state === 'overlay' && inOverlay(target))) begin(false)
}

function begin(page: boolean): void {
  clearTimeout(ends)
  state = 'giving'
  toPage = page
  setTimeout(give)
}

/** One key at a time: where one moves to is where the next one goes, and is drawn in between. */
function give(): void {
  if (state !== 'giving') return
  const focused = document.activeElement
  const ready = isField(focused) || inOverlay(focused)
  const event = ready || toPage ? early.shift() : undefined
  if (!event) return overlayStays()
  if (ready) toPage = event.key === 'Enter' || event.key === 'Escape'
  hand(focused && !isClosing(focused) ? focused : document.body, event)
  setTimeout(give)
}

function hand(to: Element, event: KeyboardEvent): void {
  const again = new KeyboardEvent('keydown', event)
  handed.add(again)
  if (!to.dispatchEvent(again) || typed(to, event) || event.key !== 'Enter') return
  // What a browser does of itself with somebody's own key.
  if (isField(to)) to.form?.requestSubmit()
  else if (to.matches('button,a')) (to as HTMLElement).click()
}

/** Types a key into a field, by the only way that a field takes for somebody's typing. */
function typed(to: Element, { key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (!isField(to)) return false
  if (ctrlKey || metaKey) {
    if (key !== 'a') return false
    to.select()
    return true
  }
  if (key === 'Backspace') return document.execCommand('delete')
  const text = key === 'Enter' && to.matches('textarea') ? '\n' : key
  return text.length === 1 && document.execCommand('insertText', false, text)
}
