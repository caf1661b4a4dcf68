import { useInfiniteQuery } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../api/queries/me'
import { deliveriesQuery, useWebhook, type DeliveryStatus } from '../../api/queries/webhooks'
import type { DeliveryOut, WebhookOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { failed, toast } from '../../app/toasts'
import { relative } from '../../lib/moments'
import { dateTime } from '../../lib/time'
import { t } from '../../strings'
import { words } from '../../strings/pages/webhooks'
import { Badge, Button, Empty, Skeleton } from '../../ui'
import Dialog from '../../ui/Dialog'
import { Segmented } from '../../ui/Segmented'
import { Table, type Column } from '../../ui/Table'
import { eventName, problemOf } from './WebhookState'

const TONES = { waiting: 'medium', held: 'medium', delivered: 'ok', failed: 'critical' } as const
const FILTERS = [{ value: 'all', label: words.all }, ...(['delivered', 'waiting', 'held', 'failed'] as const).map((value) => ({ value, label: words.statuses[value] }))] as const

/** What a webhook was told or is yet to be told, each with its tries and a way to send it again. */
export function Deliveries({ hook }: { hook: WebhookOut }) {
  const [shown, setShown] = useState<DeliveryStatus | 'all'>('all')
  const [open, setOpen] = useState<DeliveryOut>()
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(deliveriesQuery(hook.id, shown === 'all' ? undefined : shown))
  const { redeliver } = useWebhook(hook)
  const sends = useMay('webhooks.manage') && hook.enabled && hook.paused_at === null
  const again = ({ id }: DeliveryOut) => redeliver.mutate(id, { onSuccess: () => toast({ title: words.asked }), onError: failed })
  const rows = data?.pages.flatMap((page) => page.data)
  const columns: Column<DeliveryOut>[] = [
    {
      id: 'event', title: words.event,
      cell: (one) => (
        <span className="grid min-w-0 py-1">
          <button type="button" className="min-h-6 rounded-sm text-left font-medium hover:underline" onClick={() => setOpen(one)}>{eventName(one.event)}</button>
          <span className="text-xs text-fg-3 md:hidden">{relative(one.created_at)}</span>
          {problemOf(one) && <span className="text-xs text-fg-3">{problemOf(one)}</span>}
          {one.status === 'waiting' && one.attempts > 0 && one.next_at && <span className="text-xs text-fg-3">{words.next(relative(one.next_at))}</span>}
        </span>
      ),
    },
    { id: 'when', title: words.when, from: 'md', cell: (one) => <time dateTime={one.created_at} title={dateTime(one.created_at)} className="whitespace-nowrap text-fg-2">{relative(one.created_at)}</time> },
    { id: 'answer', title: words.answer, from: 'md', number: true, cell: (one) => <Answer status={one.status_code} ms={one.duration_ms} /> },
    { id: 'tries', title: words.tries, from: 'lg', number: true, cell: (one) => one.attempts },
    { id: 'state', title: words.state, className: 'text-right', cell: (one) => <Badge tone={TONES[one.status]}>{words.statuses[one.status]}</Badge> },
    ...(sends ? [{ id: 'again', title: words.again, quiet: true, className: 'text-right', cell: (one: DeliveryOut) => one.event !== 'webhook.test' && <Button aria-label={words.againOf(eventName(one.event), dateTime(one.created_at))} disabled={redeliver.isPending} onClick={() => again(one)}><RotateCw size={12} aria-hidden /><span className="max-md:sr-only">{words.again}</span></Button> }] : []),
  ]
  return (
    <>
      <div className="mb-3"><Segmented quiet label={words.filter} options={FILTERS} value={shown} onChange={setShown} /></div>
      {error ? <ErrorView error={error} onRetry={() => void refetch()} /> : !rows ? <Skeleton className="p-0" /> : rows.length === 0
        ? <Empty title={shown === 'all' ? words.none : words.noneOfThese} {...(shown === 'all' && { hint: words.noneHint })} />
        : <Table label={words.deliveries} columns={columns} rows={rows} keyOf={(one) => one.id} />}
      {hasNextPage && <Button className="mt-3" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t.app.loadMore}</Button>}
      {open && <Details delivery={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Answer({ status, ms }: { status: number | null; ms: number | null }) {
  if (ms === null) return null
  return <span className="whitespace-nowrap">{status ?? <span className="text-fg-3">{words.noAnswer}</span>}<span className="text-fg-3"> · {words.milliseconds(ms)}</span></span>
}

type Try = DeliveryOut['tries'][number]
const TRIES: Column<Try>[] = [
  { id: 'at', title: words.when, cell: (one) => <time dateTime={one.at}>{dateTime(one.at)}</time> },
  { id: 'answer', title: words.answer, number: true, cell: (one) => <Answer status={one.status_code} ms={one.duration_ms} /> },
]

function Details({ delivery, onClose }: { delivery: DeliveryOut; onClose: () => void }) {
  return (
    <Dialog open onOpenChange={onClose} kind="side" title={words.details(eventName(delivery.event))}>
      <div className="space-y-4 p-4">
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2">
          <dt className="text-fg-3">{words.identifier}</dt><dd><code className="font-mono text-xs break-all">{delivery.event_id}</code></dd>
          <dt className="text-fg-3">{words.state}</dt><dd><Badge tone={TONES[delivery.status]}>{words.statuses[delivery.status]}</Badge></dd>
        </dl>
        {problemOf(delivery) && <p className="text-fg-2">{problemOf(delivery)}</p>}
        <section className="space-y-1">
          <h3 className="font-semibold">{words.payload}</h3>
          <pre className="rounded-md border border-line bg-canvas p-2.5 font-mono text-xs break-all whitespace-pre-wrap">{JSON.stringify({ type: delivery.event, timestamp: delivery.created_at, data: delivery.data }, null, 2)}</pre>
        </section>
        {delivery.tries.length > 0 && <section className="space-y-1"><h3 className="font-semibold">{words.tries}</h3><Table label={words.tries} columns={TRIES} rows={delivery.tries} keyOf={(one) => one.at} /></section>}
      </div>
    </Dialog>
  )
}
