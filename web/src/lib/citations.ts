import type { CitationOut } from '../api/schema'

export type Source = CitationOut['source'] & { number: number; sentences: string[] }
export type Span = { text: string; source?: Source }

/** The sources of a text, numbered in the order in which they are first cited. */
export function numberSources(citations: readonly CitationOut[]): Source[] {
  const sources = new Map<string, Source>()
  for (const { source, sentence } of [...citations].sort((a, b) => a.index - b.index)) {
    const known = sources.get(source.id)
    if (known) known.sentences.push(sentence)
    else sources.set(source.id, { ...source, number: sources.size + 1, sentences: [sentence] })
  }
  return [...sources.values()]
}

/**
 * The text in spans, each followed by the source it comes from. Sentences of one paragraph and one source share one
 * span, so that the same number does not stand behind each. A sentence that is not found is left without.
 */
export function annotate(text: string, citations: readonly CitationOut[]): Span[] {
  const byId = new Map(numberSources(citations).map((source) => [source.id, source]))
  const spans: Span[] = []
  let from = 0
  for (const { source, sentence } of [...citations].sort((a, b) => a.index - b.index)) {
    const at = text.indexOf(sentence, from)
    if (at < 0) continue
    const end = at + sentence.length
    const last = spans.at(-1)
    if (last?.source?.id === source.id && !text.slice(from, at).includes('\n\n')) last.text += text.slice(from, end)
    else spans.push({ text: text.slice(from, end), source: byId.get(source.id) })
    from = end
  }
  if (from < text.length) spans.push({ text: text.slice(from) })
  return spans
}
