import { describe, expect, test } from 'vitest'
import { pickLanguage } from '../strings'

/** Every file of a language, those of pages that are loaded later too. */
const filesOf = (modules: Record<string, object>) => Object.values(modules)
const en = filesOf(import.meta.glob(['../strings/en/*.ts', '!**/index.ts'], { eager: true }))
/** What the server says itself in English has no words there: reasons, and refusals. */
const de = filesOf(import.meta.glob(['../strings/de/*.ts', '!**/index.ts', '!**/{reasons,problems}.ts'], { eager: true }))

const leaves = (tree: object, path = ''): [string, unknown][] =>
  Object.entries(tree).flatMap(([key, value]) => (value && typeof value === 'object' ? leaves(value as object, `${path}${key}.`) : [[path + key, value] as [string, unknown]]))

describe('languages', () => {
  test('have the same words to say', () => {
    expect(leaves(de).map(([path]) => path).sort()).toEqual(leaves(en).map(([path]) => path).sort())
  })

  test('leave no text empty', () => {
    for (const [path, value] of [...leaves(en), ...leaves(de)]) {
      expect(typeof value === 'function' ? (value as (...args: unknown[]) => string)(2, 'a', 'b') : value, path).not.toBe('')
    }
  })

  test('keep a name from right to left from turning the words around it', () => {
    const says = (name: string) => [...leaves(de), ...leaves(en)].filter(([path]) => /\.(writeTo|noteOf|assignedToast|isLooking|isReplying)$/.test(path)).map(([, said]) => (said as (name: string) => string)(name))
    expect(says('דנה')).toHaveLength(10)
    for (const said of says('דנה')) expect(said).toContain('\u2068דנה\u2069')
    for (const said of says('Ana')) expect(said).not.toMatch(/[\u2068\u2069]/)
  })

  test('are chosen by wish, then by the browser', () => {
    expect(pickLanguage('de', ['en-US'])).toBe('de')
    expect(pickLanguage(undefined, ['fr-CA', 'de-AT', 'en'])).toBe('de')
    expect(pickLanguage('xx', ['fr'])).toBe('en')
  })
})
