import { wordsOf } from '..'
import { preview as de } from '../de/preview'
import { preview as en } from '../en/preview'

export const preview = wordsOf({ en, de })
