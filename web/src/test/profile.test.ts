import { describe, expect, test } from 'vitest'
import type { CustomerOut } from '../api/schema'
import { editOf, faultsOf, fieldsOf, readAmount } from '../features/customers/profileFields'

const known = { name: 'Ana', email: null, phone: null, company: 'Quarz KG', plan: null, language: null, value: { amount: '1250.00', currency: 'EUR' } } as CustomerOut

describe('an amount that was typed', () => {
  test.each([
    ['1250', '1250'], ['1250.5', '1250.5'], ['1250,50', '1250.50'], ['1,250', '1250'], ['1.250', '1250'],
    ['1,250.50', '1250.50'], ['1.250,50', '1250.50'], ['1 250', '1250'], ['1’250.00', '1250.00'], ['-3', '-3'],
  ])('%s is %s', (typed, amount) => expect(readAmount(typed)).toBe(amount))
  test.each(['much', '12,50,1', '1.25.0', '', '1e9', '1,2345', '0.500'])('%s stays as it is, to be refused', (typed) => expect(readAmount(typed)).toBe(typed))
})

test('only what was changed is sent', () => {
  const before = fieldsOf(known)
  expect(editOf(before, { ...before })).toEqual({})
  expect(editOf(before, { ...before, company: '  ', phone: ' 123 ' })).toEqual({ company: null, phone: '123' })
  expect(editOf(before, { ...before, currency: 'usd' })).toEqual({ value: { amount: '1250', currency: 'USD' } })
  expect(editOf(before, { ...before, amount: '' })).toEqual({ value: null })
  const worthless = fieldsOf({ ...known, value: null })
  expect(editOf(worthless, { ...worthless, currency: 'USD' })).toEqual({})
})

test('a refusal of the API names the field of the form', () => {
  expect(faultsOf({ 'value.amount': 'a', 'value.currency': 'b', email: 'c', attributes: 'd' })).toEqual({ amount: 'a', currency: 'b', email: 'c' })
})
