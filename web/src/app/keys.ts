import { findCommand, startsSequence, type Command } from './commands'
import { isClosing, keepForPage, onEarlyFocus, onEarlyKey, runAs } from './earlyKeys'
import { getPrefs } from './prefs'

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform)
const SEQUENCE_MS = 1000
const IN_THE_WAY = ':is([role=dialog],[role=alertdialog],[role=menu],[role=listbox]):not([data-closed])'

/** The name of a key press, such as `j`, `shift+j`, `mod+enter` or `?`. */
export function nameOf(event: KeyboardEvent): string {
  const key = event.key.toLowerCase()
  const letter = /^[a-z]$/.test(key) || key.length > 1
  const parts = [(event.metaKey || event.ctrlKey) && 'mod', event.altKey && 'alt', event.shiftKey && letter && 'shift']
  return [...parts.filter(Boolean), key].join('+')
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && !isClosing(target) && (target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select'))

/** Keys belong to an open menu or dialog, also in the moment before it has taken the focus. */
const overlayOf = (target: EventTarget | null): Element | null =>
  (target instanceof Element ? target.closest(IN_THE_WAY) : null) ?? document.querySelector('[data-open]:is([role=menu], [role=dialog])')

/** A drawer at the side leaves its own commands their keys. */
const mayRun = (command: Command, overlay: Element | null, target: EventTarget | null): boolean =>
  (!overlay || overlay.getAttribute('data-keys-of') === command.group) && (!isTyping(target) || command.whileTyping === true)

/** Arrows scroll what has the focus or move within it; only with the focus in the list, or nowhere, they move in the list. */
const isArrowElsewhere = (name: string, target: EventTarget | null): boolean =>
  /(^|\+)arrow/.test(name) && target instanceof Element && target !== document.body && target.closest('[data-arrows]') === null

const isMove = (name: string): boolean => /(^|\+)([jk]|arrow\w+)$/.test(name) && !name.startsWith('mod+')

/** Keys that speech input may press by mistake: one character, with or without shift. */
const isSingle = (name: string): boolean => name.replace(/^shift\+/, '').length === 1

/** Enter and space belong to the button or link that has the focus. */
const isPress = (name: string, target: EventTarget | null): boolean =>
  (name === 'enter' || name === ' ') && target instanceof Element && target.closest('button, a, summary, [role=button]') !== null

/** Not for commands: taken by somebody else, a part of a character, or a key that only changes others. */
const isNone = (event: KeyboardEvent): boolean =>
  event.defaultPrevented || event.isComposing || ['Shift', 'Control', 'Meta', 'Alt'].includes(event.key)

/** Runs commands by their keys; one listener for the whole page. Returns what takes it away. */
export function listenForKeys(): () => void {
  let before = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const onKey = (event: KeyboardEvent): void => {
    if (isNone(event)) return
    const name = nameOf(event)
    const withMod = name.startsWith('mod+')
    const sequence = before ? `${before} ${name}` : name
    before = ''
    clearTimeout(timer)
    const overlay = overlayOf(event.target)
    if (isPress(name, event.target) || isArrowElsewhere(name, event.target)) return
    if (!withMod && (isTyping(event.target) || (!getPrefs().singleKeys && isSingle(name)))) return
    const command = findCommand(sequence) ?? findCommand(name)
    if (command && mayRun(command, overlay, event.target)) {
      event.preventDefault()
      // A key that is held down moves on, but does nothing twice that changes something.
      if (!event.repeat || (command.keysOnly && isMove(name))) runAs(event, command)
    } else if (overlay) {
      // Its own keys, or none.
    } else if (startsSequence(name)) {
      before = name
      timer = setTimeout(() => { before = '' }, SEQUENCE_MS)
    } else if (isSingle(name)) keepForPage(event)
  }
  addEventListener('keydown', onEarlyKey, true)
  addEventListener('focusin', onEarlyFocus)
  addEventListener('keydown', onKey)
  return () => {
    removeEventListener('keydown', onEarlyKey, true)
    removeEventListener('focusin', onEarlyFocus)
    removeEventListener('keydown', onKey)
  }
}

const SHOWN: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl', shift: '⇧', alt: isMac ? '⌥' : 'Alt', enter: '↵', escape: 'Esc', backspace: '⌫', arrowup: '↑', arrowdown: '↓', arrowleft: '←', arrowright: '→', ' ': 'Space',
}

/** How keys are written for people: `['Ctrl', '↵']`; the steps of a sequence are apart. */
export function showKeys(keys: string): string[][] {
  return (keys === ' ' ? [keys] : keys.split(' ')).map((step) => step.split('+').map((part) => SHOWN[part] ?? part.toUpperCase()))
}

/** The value of aria-keyshortcuts; a sequence has no form there. */
export function ariaKeys(keys: string | undefined): string | undefined {
  if (!keys || keys.includes(' ')) return undefined
  const names: Record<string, string> = { mod: isMac ? 'Meta' : 'Control', shift: 'Shift', alt: 'Alt', enter: 'Enter', escape: 'Escape', backspace: 'Backspace' }
  return keys.split('+').map((part) => names[part] ?? part.toUpperCase()).join('+')
}
