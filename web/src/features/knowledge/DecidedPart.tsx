import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { History, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../api/queries/me'
import { decidedQuery } from '../../api/queries/proposals'
import type { ProposalOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { relative } from '../../lib/moments'
import { dateTime } from '../../lib/time'
import { t } from '../../strings'
import { words } from '../../strings/pages/knowledge'
import { Badge, Button, Empty, Skeleton } from '../../ui'
import { Table, type Column } from '../../ui/Table'
import { reopenFromList } from './deciding'

/** What was approved or rejected: by whom and when, and the way back. */
export function DecidedPart() {
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(decidedQuery)
  const may = useMay('knowledge.decide')
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton rows={10} className="p-0" />
  const rows = data.pages.flatMap((page) => page.data)
  if (!rows.length) return <Empty icon={<History size={18} />} title={words.decidedNone} hint={words.decidedNoneHint} />
  return (
    <>
      <Table label={words.parts.decided} columns={may ? [...COLUMNS, BACK] : COLUMNS} rows={rows} keyOf={(row) => row.id} tall />
      {hasNextPage && <Button className="mt-3" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t.app.loadMore}</Button>}
    </>
  )
}

const linked = 'inline-flex min-h-6 items-center text-accent-text hover:underline'

function Title({ of: one }: { of: ProposalOut }) {
  const title = <span className="truncate">{one.title}</span>
  return (
    <span className="grid min-w-0 grid-cols-1">
      {one.status === 'approved' && one.article_id
        ? <Link to="/knowledge/articles/$articleId" params={{ articleId: one.article_id }} dir="auto" className="flex min-h-6 items-center font-medium hover:underline">{title}</Link>
        : <span dir="auto" className="flex min-h-6 items-center font-medium">{title}</span>}
      <span className="flex flex-wrap items-center gap-x-2 text-xs text-fg-3">
        <span>{words.kinds[one.kind]}</span>
        <Link to="/inbox/$view/$issueId" params={{ view: 'all', issueId: one.issue_id }} className={linked}>{words.itsIssue}</Link>
        {one.decision_note && <span dir="auto" className="break-words whitespace-normal">{words.because(one.decision_note)}</span>}
        <span className="md:hidden">{one.decided_by}</span>
      </span>
    </span>
  )
}

const COLUMNS: readonly Column<ProposalOut>[] = [
  { id: 'title', title: words.title, className: 'max-w-0 w-full', cell: (row) => <Title of={row} /> },
  { id: 'outcome', title: words.outcome, cell: (row) => <Badge tone={row.status === 'approved' ? 'ok' : 'low'}>{words.outcomes[row.status]}</Badge> },
  { id: 'by', title: words.decidedBy, from: 'md', cell: (row) => <span className="whitespace-nowrap">{row.decided_by}</span> },
  { id: 'at', title: words.decidedAt, from: 'md', cell: (row) => row.decided_at && <time dateTime={row.decided_at} title={dateTime(row.decided_at)} className="whitespace-nowrap text-xs text-fg-3">{relative(row.decided_at)}</time> },
]

const BACK: Column<ProposalOut> = { id: 'reopen', title: words.reopen, quiet: true, className: 'text-right', cell: (row) => <Reopen of={row} /> }

function Reopen({ of: one }: { of: ProposalOut }) {
  const [busy, setBusy] = useState(false)
  const back = () => {
    setBusy(true)
    void reopenFromList(one).finally(() => setBusy(false))
  }
  return <Button disabled={busy} aria-label={`${words.reopen}: ${one.title}`} onClick={back}><RotateCcw size={12} aria-hidden /><span className="max-sm:sr-only">{words.reopen}</span></Button>
}
