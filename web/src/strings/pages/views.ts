import { wordsOf } from '..'
import { views as de } from '../de/views'
import { views as en } from '../en/views'

export const words = wordsOf({ en, de })
