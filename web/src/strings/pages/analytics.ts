import { wordsOf } from '..'
import { analytics as de } from '../de/analytics'
import { analytics as en } from '../en/analytics'

export const words = wordsOf({ en, de })
