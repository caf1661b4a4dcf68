import { wordsOf } from '..'
import { account as de } from '../de/account'
import { account as en } from '../en/account'

export const words = wordsOf({ en, de })
