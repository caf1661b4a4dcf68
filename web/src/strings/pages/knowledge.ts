import { wordsOf } from '..'
import { knowledge as de } from '../de/knowledge'
import { knowledge as en } from '../en/knowledge'

export const words = wordsOf({ en, de })
