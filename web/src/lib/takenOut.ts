/** What stands in a learned text in the place of what identified somebody; the list of `summarization/anonymous.py`. */
export const MARKS = [
  'address', 'amount', 'card number', 'company', 'company number', 'customer number', 'date', 'date of birth', 'e-mail address',
  'IBAN', 'ID number', 'invoice number', 'IP address', 'link', 'MAC address', 'name', 'number', 'number plate', 'order number', 'phone number', 'place',
  'reference number', 'secret', 'ticket number', 'tracking number', 'user name',
] as const

/** With a bracket behind it, it is a link of Markdown. */
const MARK = new RegExp(`\\[(?:${MARKS.join('|')})\\](?!\\()`, 'g')

/** The marks that nobody filled in, each once. */
export const takenOut = (...texts: readonly string[]): string[] => [...new Set(texts.flatMap((text) => text.match(MARK) ?? []))]

/** The text in pieces: every second one is a mark. */
export const byMarks = (text: string): string[] => text.split(new RegExp(`(${MARK.source})`))
