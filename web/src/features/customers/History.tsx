import { Link } from '@tanstack/react-router'
import type { Issue } from '../../api/queries/issues'
import { dateTime, shortAge } from '../../lib/time'
import { t } from '../../strings'
import { words } from '../../strings/pages/customers'
import { Badge, Severity } from '../../ui'
import { Table, type Column } from '../../ui/Table'

/** The issues of a customer, newest first. */
export function History({ issues }: { issues: readonly Issue[] }) {
  return (
    <section>
      <h2 className="mb-1 font-semibold">{words.history}</h2>
      {issues.length ? <Table label={words.history} columns={COLUMNS} rows={issues} keyOf={(issue) => issue.id} /> : <p className="text-fg-3">{words.historyNone}</p>}
    </section>
  )
}

const tone = (status: Issue['status']): 'ok' | 'low' | 'accent' => (status === 'open' ? 'accent' : status === 'pending' ? 'low' : 'ok')

const COLUMNS: readonly Column<Issue>[] = [
  {
    id: 'subject', title: words.subject, className: 'max-w-0 w-full',
    cell: (issue) => <Link to="/inbox/$view/$issueId" params={{ view: 'all', issueId: issue.id }} dir="auto" className="flex min-h-6 items-center font-medium hover:underline"><span className="truncate">{issue.subject || t.inbox.noSubject}</span></Link>,
  },
  { id: 'severity', title: words.severity, from: 'md', cell: (issue) => <Severity value={issue.severity} /> },
  { id: 'status', title: words.status, cell: (issue) => <Badge tone={tone(issue.status)}>{issue.merged_into ? words.merged : t.issue.status[issue.status]}</Badge> },
  { id: 'rating', title: words.rating, from: 'lg', number: true, className: 'whitespace-nowrap', cell: (issue) => issue.rating && words.rated(issue.rating.score) },
  { id: 'opened', title: words.opened, number: true, cell: (issue) => <time dateTime={issue.created_at} title={dateTime(issue.created_at)} className="whitespace-nowrap text-xs text-fg-3">{shortAge(issue.created_at)}</time> },
]
