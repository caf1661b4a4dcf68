import { wordsOf } from '..'
import { board as de } from '../de/board'
import { board as en } from '../en/board'

export const words = wordsOf({ en, de })
