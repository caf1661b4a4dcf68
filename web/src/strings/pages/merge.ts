import { wordsOf } from '..'
import { merge as de } from '../de/merge'
import { merge as en } from '../en/merge'

export const merge = wordsOf({ en, de })
