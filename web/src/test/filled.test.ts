import { expect, test } from 'vitest'
import type { CustomerOut } from '../api/schema'
import { filledBy } from '../features/customers/filled'
import { words } from '../strings/pages/mergeCustomers'
import cases from './customer-filling.json'

const EMPTY = { name: null, phone: null, plan: null, value: null, language: null, notes: null, attributes: {} }
const record = (fields: object) => ({ ...EMPTY, ...fields }) as unknown as CustomerOut
/** The server's name of a field, as the console says it. */
const said = (name: string) => {
  const attribute = name.replace('attributes.', '')
  const isCompany = ['company', 'organisation', 'organization', 'shop'].includes(attribute)
  return attribute === name ? words.fields[name as keyof typeof words.fields] : isCompany ? words.fields.company : attribute.replaceAll('_', ' ')
}

// The server merges by the same cases: tests/unit/customers/test_filling.py.
test.each(cases)('before a merge it is said that $why', ({ source, target, filled }) => {
  expect(filledBy(record(source), record(target))).toEqual(filled.map(said))
})
