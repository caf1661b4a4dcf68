import { wordsOf } from '..'
import { teams as de } from '../de/teams'
import { teams as en } from '../en/teams'

/** Of issues that go to teams. */
export const words = wordsOf({ en, de })
