import { wordsOf } from '..'
import { thread as de } from '../de/thread'
import { thread as en } from '../en/thread'

export const thread = wordsOf({ en, de })
