import { wordsOf } from '..'
import { overlays as de } from '../de/overlays'
import { overlays as en } from '../en/overlays'

/** Of what opens over a page or asks before it is left. */
export const overlays = wordsOf({ en, de })
