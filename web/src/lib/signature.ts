const linesOf = (text: string): string[] => text.trim().split('\n').map((line) => line.trim())
const same = (one: string | undefined, other: string | undefined): boolean => one?.toLocaleLowerCase() === other?.toLocaleLowerCase()

/** How many of the first lines of the signature the text ends with already: a template may have said the name. */
function overlap(text: readonly string[], signature: readonly string[]): number {
  for (let count = Math.min(text.length, signature.length); count > 0; count--) {
    const end = text.slice(text.length - count)
    if (end.every((line, place) => same(line, signature[place]))) return count
  }
  return 0
}

/** The lines of the signature that the text does not end with yet; empty when it has all of them. */
export function missingLines(text: string, signature: string): string {
  const lines = linesOf(signature)
  return lines.slice(overlap(linesOf(text), lines)).join('\n').trim()
}

/** The text as it is sent: with the signature once, below it. */
export function signed(text: string, signature: string): string {
  const missing = missingLines(text, signature)
  if (!missing) return text.trim()
  return `${text.trim()}${missing === linesOf(signature).join('\n') ? '\n\n' : '\n'}${missing}`
}
