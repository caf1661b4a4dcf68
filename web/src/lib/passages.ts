export type Passage = { block: number; start: number; end: number }

const WORD = /[\p{L}\p{N}]+/gu
/** With so much of its words in common a passage is taken to be the one that a sentence was made from. */
const LEAST_SHARE = 0.5

const wordsOf = (text: string): string[] => text.toLowerCase().match(WORD) ?? []

/** The places of the sentences of a text: up to a full stop, a question mark or the end of a line. */
function* sentencesOf(text: string): Generator<{ start: number; end: number }> {
  for (const match of text.matchAll(/(?:[^.!?\n]|[.!?](?!\s|$))+[.!?]*/g)) {
    const said = match[0]
    const start = match.index + (said.length - said.trimStart().length)
    const end = match.index + said.trimEnd().length
    if (end > start) yield { start, end }
  }
}

/** What share of the words of either text, whichever has more, the other has as well. */
function likeness(one: readonly string[], other: readonly string[]): number {
  const known = new Set(other)
  const shared = new Set(one.filter((word) => known.has(word))).size
  return shared / Math.max(new Set(one).size, known.size, 1)
}

/**
 * Where in a source, given as its paragraphs, the cited sentences come from: word for word where they stand there, else
 * the sentence that has most words in common with them. In the order of the source, none twice.
 */
export function findPassages(blocks: readonly string[], cited: readonly string[]): Passage[] {
  const found = new Map<string, Passage>()
  for (const sentence of cited) {
    const passage = literal(blocks, sentence.trim()) ?? alike(blocks, wordsOf(sentence))
    if (passage) found.set(`${passage.block} ${passage.start}`, passage)
  }
  return [...found.values()].sort((a, b) => a.block - b.block || a.start - b.start)
}

function literal(blocks: readonly string[], sentence: string): Passage | undefined {
  if (!sentence) return
  for (const [block, text] of blocks.entries()) {
    const start = text.indexOf(sentence)
    if (start >= 0) return { block, start, end: start + sentence.length }
  }
}

function alike(blocks: readonly string[], cited: readonly string[]): Passage | undefined {
  let best: Passage | undefined
  let most = LEAST_SHARE
  for (const [block, text] of blocks.entries()) {
    for (const place of sentencesOf(text)) {
      const share = likeness(cited, wordsOf(text.slice(place.start, place.end)))
      if (share >= most && (share > most || !best)) [best, most] = [{ block, ...place }, share]
    }
  }
  return best
}
