import { expect, test } from 'vitest'
import { findWords } from '../features/search/marks'

const marked = (text: string, searched: string) => findWords(text, searched).map(([start, end]) => text.slice(start, end))

test('words are found large or small and with another ending', () => {
  expect(marked('Two Invoices, one INVOICE; no voice.', 'invoice')).toEqual(['Invoices', 'INVOICE'])
  expect(marked('one invoice', 'invoices')).toEqual(['invoice'])
  expect(marked('Die Rechnung für Ärzte', 'ärzte rechnung')).toEqual(['Rechnung', 'Ärzte'])
})

test('nothing is marked for one letter, for signs alone, within a word and for a short word that a longer one begins with', () => {
  expect(marked('a plan (as a whole)', 'a ( *')).toEqual([])
  expect(marked('double', 'ouble')).toEqual([])
  expect(marked('Support of SUP-2400', 'SUP-2400')).toEqual(['SUP', '2400'])
})
