import { wordsOf } from '..'
import { firstRun as de } from '../de/firstRun'
import { firstRun as en } from '../en/firstRun'

export const words = wordsOf({ en, de })
