import type { Board, Issue, Patch } from '../../api/queries/issues'

export const COLUMNS = ['new', 'work', 'waiting', 'done'] as const
export type ColumnName = (typeof COLUMNS)[number]

export function columnOf(issue: Issue): ColumnName {
  if (issue.status === 'resolved' || issue.status === 'closed') return 'done'
  if (issue.status === 'pending') return 'waiting'
  return issue.assignee ? 'work' : 'new'
}

/** The cards of each column: what waits longest comes first, what was solved last comes first. */
export function cardsOf({ open, done }: Board): Record<ColumnName, Issue[]> {
  const all = [...new Map([...open, ...done].map((issue) => [issue.id, issue])).values()]
  const cards: Record<ColumnName, Issue[]> = { new: [], work: [], waiting: [], done: [] }
  for (const issue of all) cards[columnOf(issue)].push(issue)
  for (const name of ['new', 'work', 'waiting'] as const) cards[name].sort((a, b) => a.created_at.localeCompare(b.created_at))
  cards.done.sort((a, b) => (b.resolved_at ?? '').localeCompare(a.resolved_at ?? ''))
  return cards
}

/** What moving an issue to a column changes about it. */
export function patchFor(column: ColumnName, issue: Issue, me: string | undefined): Patch {
  switch (column) {
    case 'new':
      return { status: 'open', assignee: null }
    case 'work':
      return { status: 'open', ...(!issue.assignee && me && { assignee: me }) }
    case 'waiting':
      return { status: 'pending' }
    case 'done':
      return { status: 'resolved' }
  }
}
