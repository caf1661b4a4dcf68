export type Change = { kind: 'same' | 'gone' | 'new'; text: string }
const MOST_LINES = 2000

/** Two texts line by line, by their longest common subsequence; very long ones are shown as before and after. */
export function changesBetween(before: string, after: string): Change[] {
  const old = before.split('\n')
  const now = after.split('\n')
  if (old.length * now.length > MOST_LINES * MOST_LINES) return [...old.map((text): Change => ({ kind: 'gone', text })), ...now.map((text): Change => ({ kind: 'new', text }))]
  const width = now.length + 1
  // common[i * width + j]: how many lines the ends from i and j on have in common.
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
