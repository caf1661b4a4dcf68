import { findCommand, startsSequence } from './commands'
import { getPrefs } from './prefs'

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform)
const SEQUENCE_MS = 1000
const IN_THE_WAY = '[role=dialog],[role=alertdialog],[role=menu],[role=listbox]'

/** The name of a key press, such as `j`, `shift+j`, `mod+enter` or `?`. */
export function nameOf(event: KeyboardEvent): string {
  const key = event.key.toLowerCase()
  const letter = /^[a-z]$/.test(key) || key.length > 1
  const parts = [(event.metaKey || event.ctrlKey) && 'mod', event.altKey && 'alt', event.shiftKey && letter && 'shift']
  return [...parts.filter(Boolean), key].join('+')
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select'))

/** Keys belong to an open menu or dialog, also in the moment before it has taken the focus. */
const isInOverlay = (target: EventTarget | null): boolean =>
  (target instanceof Element && target.closest(IN_THE_WAY) !== null) || document.querySelector('[data-open]:is([role=menu], [role=dialog])') !== null

/** Enter and space belong to the button or link that has the focus. */
const isPress = (name: string, target: EventTarget | null): boolean =>
  (name === 'enter' || name === ' ') && target instanceof Element && target.closest('button, a, summary, [role=button]') !== null

/** Runs commands by their keys; one listener for the whole page. Returns what takes it away. */
export function listenForKeys(): () => void {
  let before = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || ['Shift', 'Control', 'Meta', 'Alt'].includes(event.key)) return
    const name = nameOf(event)
    const withMod = name.startsWith('mod+')
    const sequence = before ? `${before} ${name}` : name
    before = ''
    clearTimeout(timer)
    if (isInOverlay(event.target) || isPress(name, event.target)) return
    if (!withMod && (isTyping(event.target) || (!getPrefs().singleKeys && name.length === 1))) return
    const command = findCommand(sequence) ?? findCommand(name)
    if (command && !(isTyping(event.target) && !command.whileTyping)) {
      event.preventDefault()
      command.run()
    } else if (startsSequence(name)) {
      before = name
      timer = setTimeout(() => { before = '' }, SEQUENCE_MS)
    }
  }
  addEventListener('keydown', onKey)
  return () => removeEventListener('keydown', onKey)
}

const SHOWN: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl', shift: '⇧', alt: isMac ? '⌥' : 'Alt', enter: '↵', escape: 'Esc', arrowup: '↑', arrowdown: '↓', arrowleft: '←', arrowright: '→', ' ': 'Space',
}

/** How keys are written for people: `['Ctrl', '↵']`; the steps of a sequence are apart. */
export function showKeys(keys: string): string[][] {
  return (keys === ' ' ? [keys] : keys.split(' ')).map((step) => step.split('+').map((part) => SHOWN[part] ?? part.toUpperCase()))
}

/** The value of aria-keyshortcuts; a sequence has no form there. */
export function ariaKeys(keys: string | undefined): string | undefined {
  if (!keys || keys.includes(' ')) return undefined
  const names: Record<string, string> = { mod: isMac ? 'Meta' : 'Control', shift: 'Shift', alt: 'Alt', enter: 'Enter', escape: 'Escape' }
  return keys.split('+').map((part) => names[part] ?? part.toUpperCase()).join('+')
}
