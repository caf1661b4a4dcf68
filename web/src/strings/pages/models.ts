import { wordsOf } from '..'
import { models as de } from '../de/models'
import { models as en } from '../en/models'

export const words = wordsOf({ en, de })
