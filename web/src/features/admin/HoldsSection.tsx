import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { holdsQuery, usePrivacy } from '../../api/queries/privacy'
import type { HoldOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { toast } from '../../app/toasts'
import { dateTime } from '../../lib/time'
import { words } from '../../strings/pages/privacy'
import { Button, Skeleton } from '../../ui'
import { Confirm } from '../../ui/Confirm'
import { Table, type Column } from '../../ui/Table'
import { CustomerName } from './CustomerName'

/** Holds in force; each is released here. */
export function HoldsSection({ manages }: { manages: boolean }) {
  const { data: holds, error, refetch } = useQuery(holdsQuery)
  const { release } = usePrivacy()
  const [asking, setAsking] = useState<HoldOut>()
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (!holds) return <Skeleton className="p-0" rows={2} />
  const columns: Column<HoldOut>[] = [
    { id: 'matter', title: words.matter, cell: (hold) => <span className="font-medium">{hold.reason}</span> },
    { id: 'customer', title: words.customer, from: 'md', cell: (hold) => <CustomerName of={hold} /> },
    { id: 'since', title: words.since, from: 'md', cell: (hold) => <time dateTime={hold.created_at} className="whitespace-nowrap text-fg-2">{dateTime(hold.created_at)}</time> },
    { id: 'actions', title: words.actions, quiet: true, className: 'text-right', cell: (hold) => manages && <Button aria-label={words.releaseOf(hold.reason)} onClick={() => setAsking(hold)}>{words.release}</Button> },
  ]
  return (
    <>
      {holds.length > 0 ? <Table label={words.holds} columns={columns} rows={holds} keyOf={(hold) => hold.id} /> : <p className="text-fg-3">{words.holdsEmpty}</p>}
      {asking && (
        <Confirm title={words.releaseOf(asking.reason)} action={words.release} danger onClose={() => setAsking(undefined)} onConfirm={() => release.mutateAsync(asking.id).then(() => toast({ title: words.released }))}>
          <p>{words.releaseHint}</p>
        </Confirm>
      )}
    </>
  )
}
