/** A part of a changed line: as in the other text, changed, or left out because it is long and the same. */
export type Piece = { kind: 'same' | 'changed' | 'cut'; text: string }
export type Change = { kind: 'same' | 'gone' | 'new'; text: string; /** Of a line that was changed in part. */ pieces?: Piece[] }
const MOST_PAIRS = 4_000_000

/** Two texts line by line; a line that was changed in part says which words. Very long texts are shown as before and after. */
export function changesBetween(before: string, after: string): Change[] {
  return withWords(compared(before.split('\n'), after.split('\n')))
}

/** By their longest common subsequence, once what both begin and end with is set aside. */
function compared(old: readonly string[], now: readonly string[]): Change[] {
  const shorter = Math.min(old.length, now.length)
  let head = 0
  while (head < shorter && old[head] === now[head]) head++
  let tail = 0
  while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++
  const same = (text: string): Change => ({ kind: 'same', text })
  return [...old.slice(0, head).map(same), ...between(old.slice(head, old.length - tail), now.slice(head, now.length - tail)), ...old.slice(old.length - tail).map(same)]
}

function between(old: readonly string[], now: readonly string[]): Change[] {
  if (old.length * now.length > MOST_PAIRS) return [...old.map((text): Change => ({ kind: 'gone', text })), ...now.map((text): Change => ({ kind: 'new', text }))]
  const width = now.length + 1
  // common[i * width + j]: how many parts the ends from i and j on have in common.
  const common = new Uint32Array((old.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }
  const changes: Change[] = []
  let i = 0
  let j = 0
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      changes.push({ kind: 'same', text: old[i] ?? '' })
      i++
      j++
    } else if (j >= now.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) changes.push({ kind: 'gone', text: old[i++] ?? '' })
    else changes.push({ kind: 'new', text: now[j++] ?? '' })
  }
  return changes
}

/** Lines that go and as many that come in their place are compared word by word. */
function withWords(changes: readonly Change[]): Change[] {
  const marked: Change[] = []
  for (let at = 0; at < changes.length;) {
    const run = (kind: Change['kind'], from: number): Change[] => {
      const end = changes.findIndex((one, place) => place >= from && one.kind !== kind)
      return changes.slice(from, end < 0 ? undefined : end)
    }
    const gone = run('gone', at)
    const come = run('new', at + gone.length)
    const pairs = gone.map((one, place) => wordsBetween(one.text, come[place]?.text ?? ''))
    marked.push(...gone.map((one, place) => ({ ...one, ...(pairs[place] && { pieces: pairs[place].before }) })))
    marked.push(...come.map((one, place) => ({ ...one, ...(pairs[place] && { pieces: pairs[place].after }) })))
    at += gone.length + come.length
    const still = run('same', at)
    marked.push(...still)
    at += still.length
  }
  return marked
}

const LEAST_ALIKE = 0.4
const KEPT_WORDS = 24

/** Which words of a line changed; undefined where so few stayed that the lines have nothing to do with each other. */
export function wordsBetween(before: string, after: string): { before: Piece[]; after: Piece[] } | undefined {
  const parts = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? []
  const changes = compared(parts(before), parts(after))
  const letters = (all: readonly Change[]): number => all.reduce((sum, { text }) => sum + text.trim().length, 0)
  const kept = letters(changes.filter(({ kind }) => kind === 'same'))
  if (kept < LEAST_ALIKE * Math.max(before.trim().length, after.trim().length, 1)) return undefined
  const side = (own: 'gone' | 'new'): Piece[] => joined(changes.filter(({ kind }) => kind === 'same' || kind === own))
  return { before: side('gone'), after: side('new') }
}

/** Neighbours of a kind become one piece; of a long one that is the same, only what stands beside a change is left. */
function joined(changes: readonly Change[]): Piece[] {
  const runs: { same: boolean; parts: string[] }[] = []
  for (const { kind, text } of changes) {
    const same = kind === 'same'
    const last = runs.at(-1)
    if (last?.same === same) last.parts.push(text)
    else runs.push({ same, parts: [text] })
  }
  return runs.flatMap(({ same, parts }, at): Piece[] => {
    if (!same) return [{ kind: 'changed', text: parts.join('') }]
    const [head, tail] = [at === 0 ? 0 : 2 * KEPT_WORDS, at === runs.length - 1 ? 0 : 2 * KEPT_WORDS]
    if (runs.length === 1 || parts.length <= head + tail + 2 * KEPT_WORDS) return [{ kind: 'same', text: parts.join('') }]
    const pieces: Piece[] = [{ kind: 'same', text: parts.slice(0, head).join('') }, { kind: 'cut', text: '' }, { kind: 'same', text: parts.slice(parts.length - tail).join('') }]
    return pieces.filter(({ kind, text }) => kind === 'cut' || text)
  })
}

/** Lines that stand in both texts, far from any change: how many. */
export type Folded = Change | { kind: 'rest'; lines: number }
const AROUND = 3

/** The changes with some lines around each; what is left out in between is counted. */
export function folded(changes: readonly Change[]): Folded[] {
  const near = changes.map((_, at) => changes.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== 'same'))
  const shown: Folded[] = []
  changes.forEach((change, at) => {
    const last = shown.at(-1)
    // One line alone takes no more room than its count.
    if (near[at] || (near[at - 1] && near[at + 1])) shown.push(change)
    else if (last?.kind === 'rest') last.lines++
    else shown.push({ kind: 'rest', lines: 1 })
  })
  return shown
}
