import { wordsOf } from '..'
import { source as de } from '../de/source'
import { source as en } from '../en/source'

export const words = wordsOf({ en, de })
