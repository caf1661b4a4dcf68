/** When the word for a control is shown: pointed at for a moment, or focused by keyboard. */
const OPEN_MS = 350
/** So long a pointer may take from the control to its tip, which can be read at leisure. */
const CLOSE_MS = 120
const SHOWN = '[data-tip-shown]'

/**
 * Watches for all controls at once, which carry their words in `data-tip`: a part of its own for each of them would take
 * longer to draw than the controls. Calls with the control whose words are to be shown, and with none. Returns what ends it.
 */
export function watchTips(show: (control: HTMLElement | undefined) => void): () => void {
  let shown: HTMLElement | undefined
  /** Shown for what has the focus: a pointer that lies where the page moves under it does not take it away. */
  let byFocus = false
  let pressed: Element | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const later = (control: HTMLElement | undefined, ms: number) => {
    clearTimeout(timer)
    if (control === shown) return
    // Not beside what it has opened.
    timer = setTimeout(() => { if (control?.ariaExpanded !== 'true') show((shown = control)) }, ms)
  }
  const hide = () => {
    clearTimeout(timer)
    byFocus = false
    if (shown) show((shown = undefined))
  }
  const controlAt = (target: EventTarget | null) => (target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null)
  const isTip = (target: EventTarget | null) => target instanceof Element && target.closest(SHOWN) !== null
  const onOver = ({ target, pointerType }: PointerEvent) => {
    if (pointerType === 'touch') return
    if (isTip(target)) return clearTimeout(timer)
    const control = controlAt(target)
    if (control !== pressed) pressed = null
    if (!control) return byFocus ? undefined : later(undefined, CLOSE_MS)
    // What was pressed has shown what it does.
    if (!pressed) later(control, shown ? 0 : OPEN_MS)
  }
  let byTouch = false
  const onDown = ({ target, pointerType }: PointerEvent) => {
    byTouch = pointerType === 'touch'
    pressed = controlAt(target)
    // A tap on the words puts them away when it has ended: it must not reach what lies below them.
    if (!byTouch || !isTip(target)) hide()
  }
  // A finger points at nothing: what stands in a row and does nothing itself says its words when it is tapped.
  const onClick = (event: Event) => {
    if (byTouch && isTip(event.target)) return hide()
    const within = byTouch && event.target instanceof Element && event.target.closest<HTMLElement>('[data-tip-of-parent]')
    if (!within) return
    event.preventDefault()
    event.stopPropagation()
    showFocused(within)
  }
  const onKey = (event: KeyboardEvent) => {
    // Puts the words away and nothing else.
    if (event.key === 'Escape' && shown) event.stopImmediatePropagation()
    hide()
  }
  const showFocused = (control: HTMLElement) => {
    byFocus = true
    later(control, 0)
  }
  // A row says what stands in it.
  const showWithin = (row: EventTarget | null) => {
    const within = row instanceof Element && row.matches(':focus-visible') ? row.querySelector<HTMLElement>('[data-tip-of-parent]') : null
    if (within) showFocused(within)
  }
  const onFocus = ({ target }: Event) => {
    const control = controlAt(target)
    if (control && control === target && control.matches(':focus-visible')) showFocused(control)
    else showWithin(target)
  }
  const watched = [['pointerover', onOver], ['pointerdown', onDown], ['click', onClick], ['keydown', onKey], ['focusin', onFocus], ['focusout', hide]] as const
  for (const [name, does] of watched) document.addEventListener(name, does as EventListener, true)
  document.documentElement.addEventListener('pointerleave', hide)
  // Asked for before this was here.
  const tapped = document.querySelector<HTMLElement>('[data-tapped]')
  if (tapped) showFocused(tapped)
  else showWithin(document.activeElement)
  return () => {
    clearTimeout(timer)
    for (const [name, does] of watched) document.removeEventListener(name, does as EventListener, true)
    document.documentElement.removeEventListener('pointerleave', hide)
  }
}
