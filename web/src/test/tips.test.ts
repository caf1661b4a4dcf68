import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchTips } from '../ui/tips'

let end: () => void
const shown: (string | undefined)[] = []
const at = (selector: string) => document.querySelector(selector)!
const send = (selector: string, name: string) => at(selector).dispatchEvent(new PointerEvent(name, { bubbles: true, pointerType: 'mouse' }))
const press = (key: string) => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
  const heard = vi.fn()
  addEventListener('keydown', heard)
  document.body.dispatchEvent(event)
  removeEventListener('keydown', heard)
  return heard.mock.calls.length
}

beforeEach(() => {
  vi.useFakeTimers()
  shown.length = 0
  document.body.innerHTML = '<button id="a" data-tip="First"><i></i></button><button id="b" data-tip="Second"></button><p data-tip-shown></p><hr>'
  end = watchTips((control) => shown.push(control?.dataset.tip))
})
afterEach(() => {
  end()
  vi.useRealTimers()
})

test('a control is told of after it was pointed at for a moment, the next one at once', () => {
  send('i', 'pointerover')
  vi.advanceTimersByTime(300)
  expect(shown).toEqual([])
  vi.advanceTimersByTime(100)
  send('#b', 'pointerover')
  vi.advanceTimersByTime(1)
  expect(shown).toEqual(['First', 'Second'])
})

test('the words stay while they are pointed at, and go with the pointer', () => {
  send('#a', 'pointerover')
  vi.advanceTimersByTime(400)
  send('hr', 'pointerover')
  vi.advanceTimersByTime(50)
  send('p', 'pointerover')
  vi.advanceTimersByTime(1000)
  expect(shown).toEqual(['First'])
  send('hr', 'pointerover')
  vi.advanceTimersByTime(1000)
  expect(shown).toEqual(['First', undefined])
})

test('a press puts them away until the control is left', () => {
  send('#a', 'pointerover')
  send('#a', 'pointerdown')
  send('i', 'pointerover')
  vi.advanceTimersByTime(1000)
  expect(shown).toEqual([])
  send('#b', 'pointerover')
  send('#a', 'pointerover')
  vi.advanceTimersByTime(1000)
  expect(shown).toEqual(['First'])
})

test('what a control has opened is not covered by its words', () => {
  at('#a').ariaExpanded = 'true'
  send('#a', 'pointerover')
  vi.advanceTimersByTime(1000)
  expect(shown).toEqual([])
})

test('Escape puts them away and does nothing else, once', () => {
  send('#a', 'pointerover')
  vi.advanceTimersByTime(400)
  expect(press('Escape')).toBe(0)
  expect(press('Escape')).toBe(1)
  expect(shown).toEqual(['First', undefined])
})
