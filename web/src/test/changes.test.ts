import { expect, test } from 'vitest'
import { changesBetween, folded, wordsBetween } from '../features/knowledge/changes'

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

test('in a changed line its words are told, and a long rest is left out', () => {
  const long = Array.from({ length: 10_000 }, (_, at) => `word${at}`).join(' ')
  const [gone, come] = changesBetween(long, long.replace('word5000 ', 'word5000 truly '))
  expect(gone?.pieces?.filter(({ kind }) => kind === 'changed')).toEqual([])
  expect(come?.pieces?.filter(({ kind }) => kind === 'changed').map(({ text }) => text.trim())).toEqual(['truly'])
  expect(come?.pieces?.map(({ kind }) => kind)).toEqual(['cut', 'same', 'changed', 'same', 'cut'])
  expect(come?.pieces?.map(({ text }) => text).join('').length).toBeLessThan(600)
})

test('a short line is shown whole, with what changed in it', () => {
  const pieces = wordsBetween('Restart the router twice.', 'Restart the grey router once.')
  expect(pieces?.before.map(({ text }) => text).join('')).toBe('Restart the router twice.')
  expect(pieces?.after.map(({ text }) => text).join('')).toBe('Restart the grey router once.')
  expect(pieces?.before.filter(({ kind }) => kind === 'changed').map(({ text }) => text.trim())).toEqual(['twice'])
})

test('lines that have nothing to do with each other are not compared word by word', () => {
  expect(wordsBetween('Restart the router.', 'Your parcel left yesterday at noon.')).toBeUndefined()
})
