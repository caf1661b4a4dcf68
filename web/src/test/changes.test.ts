import { expect, test } from 'vitest'
import { changesBetween, folded } from '../features/knowledge/changes'

const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `line ${from + at}`)

test('what is far from any change is counted, what is near is shown', () => {
  const before = lines(0, 20).join('\n')
  const shown = folded(changesBetween(before, before.replace('line 10\n', 'ten\n')))
  expect(shown.map((one) => (one.kind === 'rest' ? one.lines : `${one.kind} ${one.text}`))).toEqual([
    7, 'same line 7', 'same line 8', 'same line 9', 'gone line 10', 'new ten', 'same line 11', 'same line 12', 'same line 13', 6,
  ])
})

test('one line between two changes is shown, not counted', () => {
  const before = lines(0, 9).join('\n')
  const after = before.replace('line 0', 'zero').replace('line 8', 'eight')
  expect(folded(changesBetween(before, after)).some(({ kind }) => kind === 'rest')).toBe(false)
})

test('every line of both texts is in the changes', () => {
  const [before, after] = ['a\nb\nc', 'b\nx\nc\nd']
  const changes = changesBetween(before, after)
  expect(changes.filter(({ kind }) => kind !== 'new').map(({ text }) => text).join('\n')).toBe(before)
  expect(changes.filter(({ kind }) => kind !== 'gone').map(({ text }) => text).join('\n')).toBe(after)
})
