import { wordsOf } from '..'
import { search as de } from '../de/search'
import { search as en } from '../en/search'

export const words = wordsOf({ en, de })
