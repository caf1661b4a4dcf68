import { expect, test } from 'vitest'
import type { Message } from '../api/queries/issues'
import { eventWords, linesOf } from '../features/issue/events'

let made = 0
const say = (body: string, more: Partial<Message> = {}) => ({ id: `m${++made}`, issue_id: 'a', author: 'customer', created_at: `${made}`, body, ...more }) as Message
const tell = (body: string, more: Partial<Message> = {}) => say(body, { author: 'system', ...more })
const wordsOf = (messages: readonly Message[], from = 0, newFrom?: number) => linesOf(messages, from, newFrom).map((line) => (line.isNew ? 'new: ' : '') + eventWords(line.messages))

test('merges of one duplicate that follow one another are one line', () => {
  const [merged, out] = ['B was merged into A.', 'B was taken out of A again.']
  expect(wordsOf([tell(merged), tell(out)])).toEqual(['B was merged into A and taken out again.'])
  expect(wordsOf([tell(merged), tell(out), tell(merged)])).toEqual(['B was merged into A, taken out and merged again.'])
  expect(wordsOf([tell(out), tell(merged)])).toEqual(['B was taken out of A and merged again.'])
  expect(wordsOf([tell(out), tell(merged), tell(out)])).toEqual(['B was taken out of A, merged and taken out again.'])
  expect(wordsOf([tell(merged), say('Hello'), tell(out)])).toEqual([merged, 'Hello', out])
  const other = 'C was merged into A.'
  expect(wordsOf([tell(merged), tell(other), tell(out)])).toEqual(['B was merged into A and taken out again.', other])
})

test('what two issues say of one moment is said once', () => {
  const out = 'B was taken out of A again.'
  expect(wordsOf([tell(out, { issue_id: 'b', created_at: 'now' }), say('Hello'), tell(out, { created_at: 'now' })])).toEqual([out, 'Hello'])
})

test('what is new begins with a line of its own, if it is shown', () => {
  const both = [tell('B was merged into A.'), tell('B was taken out of A again.')]
  expect(wordsOf(both, 0, 1)).toEqual(['B was merged into A.', 'new: B was taken out of A again.'])
  expect(wordsOf(both, 1, 1)).toEqual(['new: B was taken out of A again.'])
  expect(wordsOf([...both, say('Hello')], 2, 1)).toEqual(['Hello'])
})

test('words of people are left as they are', () => {
  const [line] = linesOf([say('B was merged into A.')], 0, undefined)
  expect(line?.isEvent).toBe(false)
})

test('moves between teams are told in the language of the page, and those that follow one another in one line', () => {
  const [north, south, none] = ['Moved to team North.', 'Moved to team South.', 'Taken out of team South.']
  const plain = (lines: string[]) => lines.map((line) => line.replace(/[\u2066-\u2069]/g, ''))
  expect(plain(wordsOf([tell(north), say('Hello'), tell(south), tell(none)]))).toEqual([north, 'Hello', none])
  expect(linesOf([tell(north)], 0, undefined)[0]?.isEvent).toBe(true)
  expect(linesOf([say(north)], 0, undefined)[0]?.isEvent).toBe(false)
})
