import { describe, expect, test } from 'vitest'
import { likelyShare } from '../charts/scale'
import { csvCell, csvOf, csvOfAll } from '../lib/csv'

describe('a cell of CSV', () => {
  test.each([['=1+1', "\"'=1+1\""], ['+49', "\"'+49\""], ['-2', "\"'-2\""], ['@a', "\"'@a\""], ['\t=1', "\"'\t=1\""]])('%j is no formula', (cell, written) => expect(csvCell(cell)).toBe(written))
  test.each([['a "b"', '"a ""b"""'], ['a,b', '"a,b"'], ['a\nb', '"a\nb"'], ['plain', 'plain'], [-2.5, '-2.5'], [null, '']])('%j is written whole', (cell, written) => expect(csvCell(cell)).toBe(written))
})

test('a table is a file, and many are one with a number a line', () => {
  const sheet = { title: 'Days', columns: ['day', 'n', 'm'], rows: [['Monday', 1, null]] }
  expect(csvOf(sheet)).toBe('day,n,m\r\nMonday,1,\r\n')
  expect(csvOfAll(['table', 'row', 'column', 'value'], [['about', 'it', '', 'x']], [sheet])).toBe('table,row,column,value\r\nabout,it,,x\r\nDays,Monday,n,1\r\nDays,Monday,m,\r\n')
})

test('a share of few says little, of many much', () => {
  expect(likelyShare(0, 0)).toEqual([0, 1])
  const [low, high] = likelyShare(1, 2)
  expect([low < 0.1, high > 0.9]).toEqual([true, true])
  expect(likelyShare(500, 1000).map((value) => Math.round(value * 100))).toEqual([47, 53])
})
