/** Somebody whom a note can name; several people of one name are named together. */
export type Named = { name: string; people: number }
export type Typed = { start: number; words: string }

const MOST = 8
const BEGUN = /(?<![\p{L}\p{N}_])@([^@\n]{0,60})$/u

/** What was typed of a name before the caret, from its `@` on; an address of mail has none. */
export function typedName(text: string, caret: number): Typed | undefined {
  const found = BEGUN.exec(text.slice(0, caret))
  return found ? { start: found.index, words: found[1] ?? '' } : undefined
}

/** Whom it may be meant for: names that begin so, then those of which a later word does. */
export function matchingNames(everybody: readonly { id: string; name: string }[], words: string, me: string | undefined): Named[] {
  const wanted = words.toLowerCase()
  if (/^\s/.test(wanted)) return []
  const counts = new Map<string, number>()
  for (const { id, name } of everybody) if (id !== me) counts.set(name, (counts.get(name) ?? 0) + 1)
  const names = [...counts.keys()]
  const first = names.filter((name) => name.toLowerCase().startsWith(wanted))
  const later = names.filter((name) => !first.includes(name) && name.toLowerCase().includes(` ${wanted}`))
  return [...first, ...later].slice(0, MOST).map((name) => ({ name, people: counts.get(name) ?? 1 }))
}

/** The text with the name in the place of what was typed of it, and where the caret goes. */
export function withName(text: string, { start, words }: Typed, name: string): { text: string; caret: number } {
  const rest = text.slice(start + 1 + words.length)
  const added = `@${name}${rest ? '' : ' '}`
  return { text: text.slice(0, start) + added + rest, caret: start + added.length + (/^\s/.test(rest) ? 1 : 0) }
}
