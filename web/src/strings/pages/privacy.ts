import { wordsOf } from '..'
import { privacy as de } from '../de/privacy'
import { privacy as en } from '../en/privacy'

export const words = wordsOf({ en, de })
