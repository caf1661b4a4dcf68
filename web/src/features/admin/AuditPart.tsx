import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Download, Eye, ListFilter, ScrollText, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { auditQuery, exportAddress, readAuditSearch, verificationQuery, type AuditSearch } from '../../api/queries/audit'
import type { AuditEventOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { dateTime } from '../../lib/time'
import { auditRoute } from '../../routes'
import { t } from '../../strings'
import { words } from '../../strings/pages/audit'
import { Badge, Button, Empty, Skeleton } from '../../ui'
import { Table, type Column } from '../../ui/Table'
import { AuditDetails } from './AuditDetails'
import { AuditFilters } from './AuditFilters'
import { actionName, actorName } from './actions'
import { RecordName } from './RecordName'
import { TrailState } from './TrailState'

const TONES = { done: 'low', refused: 'medium', failed: 'critical' } as const
const DOWNLOAD = 'inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-raised px-2.5 text-xs font-medium hover:bg-hover pointer-coarse:h-11'

/** What was done by whom: filtered, taken along, and verified. */
export function AuditPart() {
  const search = readAuditSearch(auditRoute.useSearch())
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(auditQuery(search))
  // A phone has room for the filters or for what they find.
  const [filtering, setFiltering] = useState(false)
  const verification = useQuery(verificationQuery)
  const [open, setOpen] = useState<AuditEventOut>()
  const client = useQueryClient()
  const verify = () => void verification.refetch().then(() => client.invalidateQueries({ queryKey: ['audit'] }))
  useCommands([{ id: 'audit.verify', label: words.verify, group: 'page', run: verify }])
  const navigate = useNavigate()
  const showReads = () => void navigate({ to: '/admin/audit', search: ({ reads, ...rest }: AuditSearch) => (reads ? rest : { ...rest, reads: 'shown' as const }), replace: true } as never)
  const rows = data?.pages.flatMap((page) => page.data)
  // The record that was chosen may have no event to tell its name.
  const [picked, setNamed] = useState<{ id: string; name: string }>()
  const told = rows?.find((event) => event.target === search.target)?.records[search.target ?? '']?.name
  const named = search.target && (told ?? (picked?.id === search.target ? picked.name : search.target))
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-2">
        <AuditFilters key={JSON.stringify(search)} search={search} folded={!filtering} named={named} onNamed={setNamed} />
        <span className="flex flex-wrap gap-2 lg:ml-auto">
          <Button large className="!px-2.5 !text-xs sm:hidden" aria-expanded={filtering} aria-controls="audit-filters" onClick={() => setFiltering(!filtering)}><ListFilter size={13} aria-hidden />{words.filters(Object.keys(search).filter((name) => name !== 'reads').length)}</Button>
          <Button large className="!px-2.5 !text-xs aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-text" aria-pressed={search.reads === 'shown'} onClick={showReads}><Eye size={13} aria-hidden />{words.reads}</Button>
          <a download href={exportAddress(search, 'csv')} aria-label={words.exportCsv} className={DOWNLOAD}><Download size={13} aria-hidden />{words.csv}</a>
          <a download href={exportAddress(search, 'jsonl')} aria-label={words.exportJson} className={DOWNLOAD}><Download size={13} aria-hidden />{words.jsonLines}</a>
          <Button large className="!px-2.5 !text-xs" onClick={verify} disabled={verification.isFetching}><ShieldCheck size={13} aria-hidden />{verification.isFetching ? words.verifying : words.verify}</Button>
        </span>
      </div>
      <TrailState state={verification.data} error={verification.error} />
      {error ? <ErrorView error={error} onRetry={() => void refetch()} /> : !rows ? <Skeleton className="p-0" rows={10} /> : rows.length === 0
        ? <Empty icon={<ScrollText size={18} />} title={words.empty} hint={words.emptyHint} />
        : <Events rows={rows} onOpen={setOpen} />}
      {hasNextPage && <Button className="mt-3" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t.app.loadMore}</Button>}
      {open && <AuditDetails event={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Events({ rows, onOpen }: { rows: AuditEventOut[]; onOpen: (event: AuditEventOut) => void }) {
  const columns: Column<AuditEventOut>[] = [
    {
      id: 'action', title: words.action,
      cell: (event) => (
        <span className="grid min-w-0 justify-items-start">
          <button type="button" className="min-h-6 rounded-sm text-left font-medium hover:underline" onClick={() => onOpen(event)}>{actionName(event.action)}</button>
          <span className="text-xs break-words text-fg-3 md:hidden">{actorName(event)} · {dateTime(event.occurred_at)}</span>
          {event.target && <span className="max-w-full min-w-0 text-xs lg:hidden"><RecordName id={event.target} event={event} /></span>}
        </span>
      ),
    },
    { id: 'who', title: words.who, from: 'md', cell: (event) => <span dir="auto" className="text-fg-2">{actorName(event)}</span> },
    { id: 'target', title: words.target, from: 'lg', className: 'max-w-0 w-2/5', cell: (event) => event.target && <RecordName id={event.target} event={event} /> },
    { id: 'when', title: words.when, from: 'md', cell: (event) => <time dateTime={event.occurred_at} className="whitespace-nowrap text-fg-2">{dateTime(event.occurred_at)}</time> },
    { id: 'outcome', title: words.outcome, className: 'text-right', cell: (event) => <Badge tone={TONES[event.outcome]}>{words.outcomes[event.outcome]}</Badge> },
  ]
  return <Table label={words.action} columns={columns} rows={rows} keyOf={(event) => event.id} />
}
