import { wordsOf } from '..'
import { mergeCustomers as de } from '../de/mergeCustomers'
import { mergeCustomers as en } from '../en/mergeCustomers'

export const words = wordsOf({ en, de })
