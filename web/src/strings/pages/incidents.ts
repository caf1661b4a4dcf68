import { wordsOf } from '..'
import { incidents as de } from '../de/incidents'
import { incidents as en } from '../en/incidents'

export const words = wordsOf({ en, de })
