import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { UserRound, UserX } from 'lucide-react'
import { useState } from 'react'
import { customersQuery } from '../../api/queries/customers'
import { searchQuery } from '../../api/queries/search'
import type { CustomerOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { capital, languageName } from '../../lib/names'
import { shortAge } from '../../lib/time'
import { useDelayed } from '../../lib/useDelayed'
import { t } from '../../strings'
import { words } from '../../strings/pages/customers'
import { Avatar, Button, Empty, Skeleton } from '../../ui'
import { Page } from '../../ui/Page'
import { SearchField } from '../../ui/SearchField'
import { Table, type Column } from '../../ui/Table'
import { money } from './money'

/** Everybody who ever wrote, newest first; found by name or address. */
export function CustomersPage() {
  const [typed, setTyped] = useState('')
  const wanted = useDelayed(typed.trim())
  return (
    <Page title={t.app.pages.customers} wide>
      <SearchField label={words.find} placeholder={words.findPlaceholder} value={typed} onChange={(event) => setTyped(event.target.value)} className="mb-4 max-w-[26.25rem]" />
      {wanted.length > 1 ? <Found wanted={wanted} /> : <Everybody />}
    </Page>
  )
}

function Everybody() {
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(customersQuery)
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton rows={12} className="p-0" />
  const rows = data.pages.flatMap((page) => page.data)
  if (!rows.length) return <Empty icon={<UserRound size={18} />} title={words.none} hint={words.noneHint} />
  return (
    <>
      <Table label={words.label} columns={COLUMNS} rows={rows} keyOf={(row) => row.id} tall />
      {hasNextPage && <Button className="mt-3" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t.app.loadMore}</Button>}
    </>
  )
}

const name = (customer: CustomerOut): string => customer.name ?? customer.email ?? words.unnamed

const COLUMNS: readonly Column<CustomerOut>[] = [
  {
    id: 'name', title: words.name,
    cell: (row) => (
      <span className="flex min-w-0 items-center gap-2.5">
        <Avatar name={name(row)} size={28} />
        <span className="grid min-w-0">
          <Link to="/customers/$customerId" params={{ customerId: row.id }} className="flex min-h-6 min-w-0 items-center font-medium hover:underline"><bdi className="truncate">{name(row)}</bdi></Link>
          {row.email && <span className="truncate text-xs text-fg-3">{row.email}</span>}
        </span>
      </span>
    ),
  },
  { id: 'plan', title: words.plan, from: 'md', cell: (row) => row.plan && capital(row.plan) },
  { id: 'value', title: words.value, from: 'md', number: true, cell: (row) => row.value && money(row.value) },
  { id: 'language', title: words.language, from: 'lg', cell: (row) => row.language && languageName(row.language) },
  { id: 'since', title: words.since, number: true, cell: (row) => <time dateTime={row.created_at} className="text-xs text-fg-3">{shortAge(row.created_at)}</time> },
]

function Found({ wanted }: { wanted: string }) {
  const { data, error, isPending, refetch } = useQuery(searchQuery(wanted, ['customer'], 50))
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton rows={8} className="p-0" />
  if (!data.data.length) return <Empty icon={<UserX size={18} />} title={words.noneFound} />
  return (
    <ul aria-label={words.label}>
      {data.data.map((hit) => (
        <li key={hit.id} className="border-b border-line last:border-b-0">
          <Link to="/customers/$customerId" params={{ customerId: hit.id }} className="flex min-h-13 items-center gap-2.5 rounded-md hover:bg-hover">
            <Avatar name={hit.title} size={28} />
            <span className="grid min-w-0"><span dir="auto" className="truncate font-medium">{hit.title}</span><span dir="auto" className="truncate text-xs text-fg-3">{hit.snippet}</span></span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
