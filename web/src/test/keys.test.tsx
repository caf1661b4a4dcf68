import { createRoot } from 'react-dom/client'
import { act } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { allCommands, useCommands, type Command } from '../app/commands'
import { listenForKeys, nameOf } from '../app/keys'
import { setPrefs } from '../app/prefs'

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
const press = (key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }))

function Offers({ commands }: { commands: Command[] }) {
  useCommands(commands)
  return null
}

describe('keys', () => {
  let stop: () => void
  let root: ReturnType<typeof createRoot>
  const ran: string[] = []
  const command = (id: string, keys: string[], more: Partial<Command> = {}): Command => ({ id, label: id, group: 'app', keys, run: () => ran.push(id), ...more })

  beforeEach(() => {
    ran.length = 0
    setPrefs({ singleKeys: true })
    document.body.innerHTML = '<div id="root"></div><textarea></textarea><div role="dialog"><button>x</button></div>'
    stop = listenForKeys()
    root = createRoot(document.querySelector('#root')!)
    act(() => root.render(<Offers commands={[command('next', ['j']), command('extend', ['shift+j']), command('go', ['g m']), command('send', ['mod+enter'], { whileTyping: true }), command('help', ['?'])]} />))
  })
  afterEach(() => {
    act(() => root.unmount())
    stop()
  })

  test('run the command they belong to', () => {
    press('j')
    press('J', { shiftKey: true })
    press('?', { shiftKey: true })
    press('Enter', { ctrlKey: true })
    expect(ran).toEqual(['next', 'extend', 'help', 'send'])
  })

  test('may be two, one after the other', () => {
    press('g')
    press('m')
    press('m')
    expect(ran).toEqual(['go'])
  })

  test('are letters while somebody types, except with Ctrl', () => {
    const field = document.querySelector('textarea')!
    press('j', {}, field)
    press('Enter', { metaKey: true }, field)
    expect(ran).toEqual(['send'])
  })

  test('belong to a dialog that is open', () => {
    press('j', {}, document.querySelector('button')!)
    expect(ran).toEqual([])
  })

  test('of a single letter can be switched off', () => {
    setPrefs({ singleKeys: false })
    press('j')
    press('Enter', { ctrlKey: true })
    expect(ran).toEqual(['send'])
  })

  test('of a single letter with shift are off with them', () => {
    setPrefs({ singleKeys: false })
    press('J', { shiftKey: true })
    press('?', { shiftKey: true })
    expect(ran).toEqual([])
  })

  test('held down move on, and do nothing twice', () => {
    act(() => root.render(<Offers commands={[command('next', ['j'], { keysOnly: true }), command('resolve', ['e'])]} />))
    press('j')
    press('j', { repeat: true })
    press('e')
    press('e', { repeat: true })
    expect(ran).toEqual(['next', 'next', 'resolve'])
  })

  test('of what goes first win, wherever it stands', () => {
    act(() => root.render(<><Offers commands={[command('selected', ['e'], { first: true })]} /><Offers commands={[command('open', ['e'])]} /></>))
    press('e')
    expect(ran).toEqual(['selected'])
  })

  test('of a drawer stay its own', () => {
    document.querySelector('[role=dialog]')!.setAttribute('data-keys-of', 'copilot')
    act(() => root.render(<Offers commands={[command('draft', ['d'], { group: 'copilot' }), command('next', ['j'])]} />))
    press('d', {}, document.querySelector('button')!)
    press('j', {}, document.querySelector('button')!)
    expect(ran).toEqual(['draft'])
  })

  test('of a part that has gone do nothing', () => {
    act(() => root.render(<Offers commands={[command('next', ['j'])]} />))
    press('?', { shiftKey: true })
    expect(ran).toEqual([])
    expect(allCommands().map((one) => one.id)).toEqual(['next'])
  })

  test('have one name each', () => {
    const name = (key: string, init: KeyboardEventInit = {}) => nameOf(new KeyboardEvent('keydown', { key, ...init }))
    expect([name('J', { shiftKey: true }), name('k', { ctrlKey: true }), name('?', { shiftKey: true }), name('Enter', { metaKey: true, shiftKey: true })]).toEqual(['shift+j', 'mod+k', '?', 'mod+shift+enter'])
  })
})
