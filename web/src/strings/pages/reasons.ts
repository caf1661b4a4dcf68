import { wordsOf } from '..'
import * as de from '../de/reasons'

/** English is not here: it is what the server sends. */
export const { reasons, rules } = wordsOf<{ reasons: Record<string, string>; rules: Record<string, string> }>({ en: { reasons: {}, rules: {} }, de })
