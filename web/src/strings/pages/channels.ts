import { wordsOf } from '..'
import { channels as de } from '../de/channels'
import { channels as en } from '../en/channels'

/** How an issue came. */
export const channels = wordsOf({ en, de })
