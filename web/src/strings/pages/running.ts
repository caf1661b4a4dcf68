import { wordsOf } from '..'
import { running as de } from '../de/running'
import { running as en } from '../en/running'

export const words = wordsOf({ en, de })
