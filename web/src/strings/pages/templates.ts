import { wordsOf } from '..'
import { templates as de } from '../de/templates'
import { templates as en } from '../en/templates'

export const words = wordsOf({ en, de })
