import { language } from '../strings'
import { topics } from '../strings/pages/topics'

const ABBREVIATIONS: ReadonlySet<string> = new Set(['api', 'csv', 'dns', 'pdf', 'sms', 'sso', 'url', 'vat', '2fa'])

/** A topic as people read it, in the language of the page where it is a usual one: `shipping_labels` is Shipping labels. */
export const topicName = (topic: string): string => topics[topic] ?? plainName(topic)

/** A name out of the record as people read it; `api_keys` is API keys. */
export const plainName = (name: string): string =>
  capital(name.split('_').map((word) => (ABBREVIATIONS.has(word) ? word.toUpperCase() : word)).join(' '))

/** The topic that is stored for what was typed: the one before where its name was left, else the words as they are. */
export const topicOf = (typed: string, before: string | null): string | null => {
  const said = typed.trim()
  return before && topicName(before) === said ? before : said || null
}

/** With a capital at its start, as in a list or table. */
export const capital = (word: string): string => word.charAt(0).toLocaleUpperCase() + word.slice(1)

/** Languages that are offered; a text may be in any other one too. */
const LANGUAGE_CODES: readonly string[] = ['en', 'de', 'es', 'fr', 'it', 'nl', 'pt']

/** The languages to choose from, with the one that a text has. */
export const languageOptions = (present: string): { value: string; label: string }[] =>
  (LANGUAGE_CODES.includes(present) ? LANGUAGE_CODES : [present, ...LANGUAGE_CODES]).map((value) => ({ value, label: languageName(value) }))

/** The name of a language in the language of the page; its code where there is none. */
export function languageName(code: string): string {
  try {
    return capital(new Intl.DisplayNames([language], { type: 'language' }).of(code) ?? code)
  } catch {
    return code
  }
}
