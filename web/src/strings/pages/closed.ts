import { wordsOf } from '..'
import { closed as de } from '../de/closed'
import { closed as en } from '../en/closed'

export const words = wordsOf({ en, de })
