import { wordsOf } from '..'
import { permissions as de } from '../de/permissions'
import { permissions as en } from '../en/permissions'

const words: Record<string, string> = wordsOf({ en, de })

/** What a permission lets somebody do; the name itself where a newer server knows more. */
export const permissionWords = (name: string): string => words[name] ?? name
