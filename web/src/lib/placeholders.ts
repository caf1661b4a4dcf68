/** Blanks that a template leaves: its preview writes an unknown value as its name in square brackets. */
export type Blank = { start: number; end: number; name: string }

/** How the server marks a value that is not known: `issue.order_number` as `[order number]`. */
export const markerOf = (placeholder: string): string => `[${(placeholder.split('.').pop() ?? placeholder).replaceAll('_', ' ')}]`

/** A placeholder that nobody has filled, as when a template was pasted. */
const RAW = /\{\{\s*([\w.]+)[^{}]*\}\}/g

/** The blanks of these names that still stand in the text, and placeholders that were typed or pasted, in order. */
export function findBlanks(text: string, markers: Iterable<string>): Blank[] {
  const found = [...text.matchAll(RAW)].map((match): Blank => ({ start: match.index, end: match.index + match[0].length, name: match[1] ?? '' }))
  for (const marker of new Set(markers)) {
    for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + marker.length)) {
      found.push({ start: at, end: at + marker.length, name: marker.slice(1, -1) })
    }
  }
  return found.sort((a, b) => a.start - b.start)
}

/** The blank after the caret, else the first. */
export const nextBlank = (blanks: readonly Blank[], caret: number): Blank | undefined => blanks.find((blank) => blank.start >= caret) ?? blanks[0]

/** The template with another placeholder in the place of one, inside of braces and nowhere else. */
export const replacePlaceholder = (body: string, name: string, by: string): string =>
  body.replace(/\{[{%][^{}]*[}%]\}/g, (code) => code.replace(new RegExp(`(?<![\\w.])${name.replaceAll('.', '\\.')}(?![\\w.])`, 'g'), by))
