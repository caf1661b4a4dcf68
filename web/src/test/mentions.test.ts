import { expect, test } from 'vitest'
import { matchingNames, typedName, withName } from '../lib/mentions'

const EVERYBODY = [
  { id: 'usr_1', name: 'Mona Mint' }, { id: 'usr_2', name: 'Dana Lee' }, { id: 'usr_3', name: 'Dana Lee' },
  { id: 'usr_4', name: 'Amon Day' }, { id: 'usr_5', name: 'Zoë Özil' },
]
const names = (words: string, me?: string) => matchingNames(EVERYBODY, words, me).map((one) => one.name)

test('a name is typed after an @ that begins a word', () => {
  expect(typedName('Ask @mo', 7)).toEqual({ start: 4, words: 'mo' })
  expect(typedName('@', 1)).toEqual({ start: 0, words: '' })
  expect(typedName('@Dana Lee and @am, please', 17)).toEqual({ start: 14, words: 'am' })
  expect(typedName('Ask @mo', 3)).toBeUndefined()
  expect(typedName('dana@example.com', 16)).toBeUndefined()
  expect(typedName('Zoë@x', 5)).toBeUndefined()
  expect(typedName('@mona\nnext', 10)).toBeUndefined()
})

test('names that begin so come first, then those of which a later word does', () => {
  expect(names('m')).toEqual(['Mona Mint'])
  expect(names('da')).toEqual(['Dana Lee', 'Amon Day'])
  expect(names('dana l')).toEqual(['Dana Lee'])
  expect(names('ö')).toEqual(['Zoë Özil'])
  expect(names('mona mint, look')).toEqual([])
  expect(names(' da')).toEqual([])
  expect(names('')).toHaveLength(4)
})

test('nobody is offered oneself, and people of one name are named together', () => {
  expect(names('m', 'usr_1')).toEqual([])
  expect(matchingNames(EVERYBODY, 'dana', undefined)).toEqual([{ name: 'Dana Lee', people: 2 }])
  expect(matchingNames(EVERYBODY, 'dana', 'usr_2')).toEqual([{ name: 'Dana Lee', people: 1 }])
})

test('a name takes the place of what was typed of it', () => {
  expect(withName('Ask @mo', { start: 4, words: 'mo' }, 'Mona Mint')).toEqual({ text: 'Ask @Mona Mint ', caret: 15 })
  expect(withName('Ask @mo today', { start: 4, words: 'mo' }, 'Mona Mint')).toEqual({ text: 'Ask @Mona Mint today', caret: 15 })
  expect(withName('@mo, look', { start: 0, words: 'mo' }, 'Mona Mint')).toEqual({ text: '@Mona Mint, look', caret: 10 })
})
