import { wordsOf } from '..'
import { topics as de } from '../de/topics'
import { topics as en } from '../en/topics'

export const topics: Record<string, string> = wordsOf({ en, de })
