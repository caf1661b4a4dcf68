import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { errorOf, told as toldOf } from '../api/errors'
import { loadStrings } from '../strings'
import { problems } from '../strings/de/problems'

const codes = readFileSync('../docs/errors.md', 'utf-8')
const missing = { field: 'name', code: 'missing', message: 'Field required' }
const odd = { field: 'rules.0.days', code: 'greater_than', message: 'Input should be greater than 0' }
const told = (body: object) => errorOf(400, body).message

it('refusals are as the server says them in English', () => {
  expect(told({ code: 'email_taken', detail: 'Another user has this address' })).toBe('Another user has this address')
})

describe('refusals in German', () => {
  beforeAll(() => loadStrings('de'))

  it('are said of a part of a page that failed', () => {
    expect(toldOf({ code: 'opinions_wait', detail: 'A language model could not be reached' })).toBe(problems.opinions_wait)
    expect(toldOf({ code: 'of_a_later_version', detail: 'In English' })).toBe('In English')
  })

  it('are said by their code, whatever the server says', () => {
    expect(told({ code: 'email_taken', detail: 'Another user has this address' })).toBe(problems.email_taken)
  })

  it('name the field where one is wrong, also beside it', () => {
    const error = errorOf(422, { code: 'invalid_request', detail: 'name: Field required', errors: [missing] })
    expect(error.message).toBe('Der Name fehlt.')
    expect(error.fields).toEqual({ name: 'fehlt' })
  })

  it('stay as the server says them where a code has no words', () => {
    expect(told({ code: 'conflict', detail: 'Two of them.' })).toBe('Two of them.')
    expect(told({ code: 'invalid_request', detail: 'rules: no', errors: [missing, odd] })).toBe('rules: no')
  })

  it('have words for codes that the server has', () => {
    expect(Object.keys(problems).filter((code) => !codes.includes(`| \`${code}\` |`))).toEqual([])
  })
})
