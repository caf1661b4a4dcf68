import { wordsOf } from '..'
import { webhooks as de } from '../de/webhooks'
import { webhooks as en } from '../en/webhooks'

export const words = wordsOf({ en, de })
