import { wordsOf } from '..'
import { news as de } from '../de/news'
import { news as en } from '../en/news'

export const words = wordsOf({ en, de })
