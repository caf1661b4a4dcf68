import { wordsOf } from '..'
import { order as de } from '../de/order'
import { order as en } from '../en/order'

export const words = wordsOf({ en, de })
