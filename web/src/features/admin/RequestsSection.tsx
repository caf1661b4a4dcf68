import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { privacyRequestsQuery } from '../../api/queries/privacy'
import type { PrivacyRequestOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { isAhead } from '../../lib/moments'
import { plainName } from '../../lib/names'
import { dateTime } from '../../lib/time'
import { words } from '../../strings/pages/privacy'
import { Badge, Button, Skeleton } from '../../ui'
import Dialog from '../../ui/Dialog'
import { Secret } from '../../ui/Secret'
import { Table, type Column } from '../../ui/Table'
import { CustomerName } from './CustomerName'

const TONES = { queued: 'low', running: 'accent', done: 'ok', refused: 'critical' } as const
const LINK = 'inline-flex h-7 items-center gap-1.5 rounded-md border border-line bg-raised px-2.5 text-xs font-medium hover:bg-hover pointer-coarse:h-11'

/** What was asked for, how far it is, and the receipt or file that came of it. */
export function RequestsSection({ manages }: { manages: boolean }) {
  const { data: requests, error, refetch } = useQuery(privacyRequestsQuery)
  const [open, setOpen] = useState<PrivacyRequestOut>()
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (!requests) return <Skeleton className="p-0" rows={3} />
  if (requests.length === 0) return <p className="text-fg-3">{words.requestsEmpty}</p>
  const columns: Column<PrivacyRequestOut>[] = [
    {
      id: 'kind', title: words.kind,
      cell: (request) => <span className="grid"><span className="font-medium">{words.kinds[request.kind]}</span><span className="md:hidden"><CustomerName of={request} /></span></span>,
    },
    { id: 'customer', title: words.customer, from: 'md', cell: (request) => <CustomerName of={request} /> },
    { id: 'when', title: words.when, from: 'md', cell: (request) => <time dateTime={request.created_at} className="whitespace-nowrap text-fg-2">{dateTime(request.created_at)}</time> },
    { id: 'status', title: words.status, cell: (request) => <Badge tone={TONES[request.status]}>{words.statuses[request.status]}</Badge> },
    {
      id: 'actions', title: words.actions, quiet: true, className: 'text-right',
      cell: (request) => (
        <span className="inline-flex flex-wrap justify-end gap-1.5">
          {manages && request.kind === 'export' && request.expires_at && isAhead(request.expires_at) && (
            <a download href={`/v1/privacy/exports/${request.id}/file`} className={LINK}><Download size={13} aria-hidden />{words.download}</a>
          )}
          {request.receipt && <Button onClick={() => setOpen(request)}>{words.receipt}</Button>}
        </span>
      ),
    },
  ]
  return (
    <>
      <Table label={words.requests} columns={columns} rows={requests} keyOf={(request) => request.id} />
      {open && <Receipt request={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Receipt({ request, onClose }: { request: PrivacyRequestOut; onClose: () => void }) {
  const stores = Object.entries(request.counts).sort(([a], [b]) => a.localeCompare(b))
  const isExport = request.kind === 'export'
  const left = stores.reduce((sum, [, counts]) => sum + (counts.left ?? 0), 0)
  const kept = stores.reduce((sum, [, counts]) => sum + (counts.kept_by_hold ?? 0), 0)
  return (
    <Dialog open onOpenChange={onClose} kind="side" title={words.receiptOf(words.kinds[request.kind])}>
      <div className="space-y-4 p-4">
        {kept > 0 && <p className="text-fg-2">{words.keptByHold(kept)}</p>}
        {!isExport && left === 0 && <p className="font-medium text-ok">{words.allGone}</p>}
        <Table
          label={words.receipt} rows={stores} keyOf={([name]) => name}
          columns={[
            { id: 'store', title: words.store, cell: ([name]) => plainName(name) },
            { id: 'done', title: isExport ? words.exported : words.removed, number: true, cell: ([, counts]) => (isExport ? counts.exported : counts.removed) ?? 0 },
            ...(isExport ? [] : [{ id: 'left', title: words.left, number: true, cell: ([, counts]: (typeof stores)[number]) => counts.left ?? 0 }]),
          ]}
        />
        <p className="text-xs text-fg-3">{words.receiptHint}</p>
        <Secret label={words.receiptText} value={request.receipt ?? ''} />
        <a download={`${request.id}.jws`} href={`data:application/jose,${encodeURIComponent(request.receipt ?? '')}`} className={LINK}><Download size={13} aria-hidden />{words.receiptSave}</a>
      </div>
    </Dialog>
  )
}
