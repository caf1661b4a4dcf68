import { wordsOf } from '..'
import { profile as de } from '../de/profile'
import { profile as en } from '../en/profile'

export const words = wordsOf({ en, de })
