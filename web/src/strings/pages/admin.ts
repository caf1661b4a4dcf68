import { wordsOf } from '..'
import { admin as de } from '../de/admin'
import { admin as en } from '../en/admin'

export const words = wordsOf({ en, de })
