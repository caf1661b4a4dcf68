import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { narrowedHistoryQuery, type HistorySearch } from '../../api/queries/customers'
import type { Issue } from '../../api/queries/issues'
import { ErrorView } from '../../app/ErrorPage'
import { dateTime, shortAge } from '../../lib/time'
import { useDelayed } from '../../lib/useDelayed'
import { customerRoute } from '../../routes'
import { t } from '../../strings'
import { words } from '../../strings/pages/customers'
import { Badge, Button, Severity } from '../../ui'
import { SearchField } from '../../ui/SearchField'
import { Table, type Column } from '../../ui/Table'
import { Waits } from '../../ui/Waits'
import { Choice } from '../inbox/Choice'

type Props = { customerId: string; /** Whether there is something to choose from. */ filters: boolean }

/** The issues of a customer, newest first, narrowed by what stands in the address. */
export function History({ customerId, filters }: Props) {
  const { status, severity, q } = customerRoute.useSearch()
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(narrowedHistoryQuery(customerId, { status, severity, q }))
  const issues = data?.pages.flatMap((page) => page.data)
  // What is read anew meanwhile, because something changed, ends what was asked for.
  const readMore = () => void fetchNextPage().then(({ data: now }) => { if (now?.pages.length === data?.pages.length) void fetchNextPage() })
  const narrowed = Boolean(status ?? severity ?? q)
  return (
    <section aria-labelledby="customer-history">
      <h2 id="customer-history" className="mb-2 font-semibold">{words.history}</h2>
      {(filters || narrowed) && <Filters search={{ status, severity, q }} narrowed={narrowed} />}
      {error && !issues && <ErrorView error={error} onRetry={() => void refetch()} />}
      {!error && !issues && <Waits rows={6} className="p-0" />}
      {issues && issues.length > 0 && <Table label={words.history} columns={COLUMNS} rows={issues} keyOf={(issue) => issue.id} />}
      <p role="status" className={narrowed || !issues?.length ? 'mt-2 text-xs text-fg-3' : 'sr-only'}>{issues && (issues.length ? words.listed(issues.length, hasNextPage) : narrowed ? words.historyNoneFits : words.historyNone)}</p>
      {hasNextPage && <Button className="mt-3" disabled={isFetchingNextPage} onClick={readMore}>{t.app.loadMore}</Button>}
    </section>
  )
}

function Filters({ search, narrowed }: { search: HistorySearch; narrowed: boolean }) {
  const navigate = useNavigate()
  const [typed, setTyped] = useState(search.q ?? '')
  const wanted = useDelayed(typed.trim())
  const change = (part: HistorySearch) => void navigate({ to: '.', search: (before: HistorySearch) => ({ ...before, ...part }), replace: true } as never)
  useEffect(() => {
    if (wanted !== (search.q ?? '')) change({ q: wanted || undefined } as HistorySearch)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what is typed changes the address, not the way back
  }, [wanted])
  return (
    <div className="mb-3 flex flex-wrap items-end gap-x-4 gap-y-2">
      <SearchField label={words.historyFind} placeholder={words.historyFind} value={typed} maxLength={200} onChange={(event) => setTyped(event.target.value)} className="w-full sm:w-48" />
      <Choice field="status" search={search} onChange={change} />
      <Choice field="severity" search={search} onChange={change} />
      {narrowed && <Button variant="ghost" className="-ml-2.5" onClick={() => { setTyped(''); change({ status: undefined, severity: undefined, q: undefined } as never) }}>{words.clearFilters}</Button>}
    </div>
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
