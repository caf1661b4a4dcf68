import { language } from '../strings'
import { topics } from '../strings/pages/topics'

/** A topic as people read it, in the language of the page where it is a usual one: `shipping_labels` is Shipping labels. */
export const topicName = (topic: string): string => topics[topic] ?? plainName(topic)

/** A name out of the record as people read it. */
export const plainName = (name: string): string => capital(name.replaceAll('_', ' '))

/** With a capital at its start, as in a list or table. */
export const capital = (word: string): string => word.charAt(0).toLocaleUpperCase() + word.slice(1)

/** The name of a language in the language of the page; its code where there is none. */
export function languageName(code: string): string {
  try {
    return capital(new Intl.DisplayNames([language], { type: 'language' }).of(code) ?? code)
  } catch {
    return code
  }
}
