import { wordsOf } from '..'
import { waits as de } from '../de/waits'
import { waits as en } from '../en/waits'

export const words = wordsOf({ en, de })
