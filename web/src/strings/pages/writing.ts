import { wordsOf } from '..'
import { writing as de } from '../de/writing'
import { writing as en } from '../en/writing'

export const words = wordsOf({ en, de })
