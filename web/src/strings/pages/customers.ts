import { wordsOf } from '..'
import { customers as de } from '../de/customers'
import { customers as en } from '../en/customers'

export const words = wordsOf({ en, de })
