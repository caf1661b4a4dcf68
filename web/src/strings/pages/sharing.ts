import { wordsOf } from '..'
import { sharing as de } from '../de/sharing'
import { sharing as en } from '../en/sharing'

export const words = wordsOf({ en, de })
