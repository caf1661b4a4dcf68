import { wordsOf } from '..'
import { assist as de } from '../de/assist'
import { assist as en } from '../en/assist'

export const words = wordsOf({ en, de })
