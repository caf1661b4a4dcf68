import { findBlanks, markerOf } from '../lib/placeholders'

/** A filled template with the blanks marked that the issue does not tell; `missing` are names of placeholders. */
export function Blanks({ text, missing }: { text: string; missing: readonly string[] }) {
  const blanks = findBlanks(text, missing.map(markerOf))
  const pieces = blanks.flatMap((blank, index) => [
    text.slice(blanks[index - 1]?.end ?? 0, blank.start),
    <mark key={blank.start}>{text.slice(blank.start, blank.end)}</mark>,
  ])
  return [...pieces, text.slice(blanks.at(-1)?.end ?? 0)]
}
