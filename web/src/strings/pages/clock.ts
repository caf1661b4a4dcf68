import { wordsOf } from '..'
import { clock as de } from '../de/clock'
import { clock as en } from '../en/clock'

export const words = wordsOf({ en, de })
