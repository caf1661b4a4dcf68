import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { agentsQuery, type ReportSearch } from '../../api/queries/reports'
import type { AgentOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { Nothing } from '../../charts/ChartCard'
import { csvAddress, csvOf } from '../../lib/csv'
import { duration } from '../../lib/moments'
import { sayNumber } from '../../lib/figures'
import { words } from '../../strings/pages/analytics'
import { Avatar, Skeleton } from '../../ui'
import { Table, type Column } from '../../ui/Table'
import { agentsSheet } from './sheets'

const hours = (value: number | null) => (value === null ? words.noFigure : duration(value))

const columns = (): Column<AgentOut>[] => [
  { id: 'name', title: words.person, cell: ({ name }) => <span className="flex min-w-0 items-center gap-2"><Avatar name={name} /><span className="truncate">{name}</span></span>, className: 'max-w-48' },
  { id: 'open', title: words.open, number: true, cell: (row) => sayNumber(row.open_now) },
  { id: 'resolved', title: words.resolved, number: true, cell: (row) => sayNumber(row.resolved) },
  { id: 'reopened', title: words.reopenedShort, number: true, from: 'lg', cell: (row) => sayNumber(row.reopened) },
  { id: 'first', title: words.firstResponseShort, number: true, from: 'md', cell: (row) => hours(row.median_first_response_hours) },
  { id: 'whole', title: words.resolutionShort, number: true, from: 'md', cell: (row) => hours(row.median_resolution_hours) },
  { id: 'rating', title: words.ratingShort, number: true, cell: (row) => (row.mean_rating === null ? words.noFigure : words.ratingOf(sayNumber(row.mean_rating, 1), row.rated)) },
  { id: 'used', title: words.usedShort, number: true, from: 'md', cell: (row) => sayNumber(row.suggestions_used) },
]

/** Figures of each person, for those who answer for them; in order of names. */
export function AgentsCard({ search, file }: { search: ReportSearch; file: string }) {
  const { data, error, refetch, isPlaceholderData } = useQuery(agentsQuery(search))
  return (
    <section aria-busy={isPlaceholderData}>
      <h2 className="mb-2 text-lg font-semibold">{words.sections.agents}</h2>
      <div className="rounded-lg border border-line p-4">
        <header className="mb-2 flex items-start gap-2">
          <p className="mr-auto max-w-[72ch] text-xs text-fg-3">{words.agentsHint}</p>
          {data && data.data.length > 0 && (
            <a
              href={csvAddress(csvOf(agentsSheet(data)))} download={`${file}-people.csv`} aria-label={words.downloadOne(words.agents)} data-tip={words.downloadOne(words.agents)}
              className="-mt-1 -mr-1 inline-flex size-7 shrink-0 items-center justify-center rounded-md text-fg-2 hover:bg-hover hover:text-fg pointer-coarse:size-11"
            >
              <Download size={15} aria-hidden />
            </a>
          )}
        </header>
        {error ? <ErrorView error={error} onRetry={() => void refetch()} /> : !data ? <Skeleton rows={4} className="p-0" /> : data.data.length ? <Table label={words.agents} columns={columns()} rows={data.data} keyOf={({ assignee }) => assignee} /> : <Nothing>{words.noAgents}</Nothing>}
        {data && data.left_out > 0 && <p className="mt-2 text-xs text-fg-3">{words.agentsLeft(data.left_out)}</p>}
      </div>
    </section>
  )
}
