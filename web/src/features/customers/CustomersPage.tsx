import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { UserRound, UserX } from 'lucide-react'
import { useEffect, useState } from 'react'
import { SORTS, customersQuery, type CustomersOrder } from '../../api/queries/customers'
import type { CustomerOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { capital, languageName } from '../../lib/names'
import { shortAge } from '../../lib/time'
import { useDelayed } from '../../lib/useDelayed'
import { customersRoute } from '../../routes'
import { t } from '../../strings'
import { words } from '../../strings/pages/customers'
import { Avatar, Button, Empty } from '../../ui'
import { Page } from '../../ui/Page'
import { SearchField } from '../../ui/SearchField'
import { Table, type Column } from '../../ui/Table'
import { Waits } from '../../ui/Waits'
import { money } from './money'

/** Everybody who ever wrote, found by name, address or company; what is looked for and the order stand in the address. */
export function CustomersPage() {
  const { q: given, sort: asked } = customersRoute.useSearch()
  const q = given ? String(given).slice(0, 1000) : undefined
  const sort = SORTS.find((one) => one === asked)
  const navigate = useNavigate()
  const [typed, setTyped] = useState(q ?? '')
  const wanted = useDelayed(typed.trim())
  // The address may be changed by others, as by the way to all customers.
  const [told, setTold] = useState(q)
  if (told !== q) {
    setTold(q)
    if ((q ?? '') !== wanted) setTyped(q ?? '')
  }
  useEffect(() => {
    if (wanted !== (q ?? '')) void navigate({ to: '/customers', search: { q: wanted || undefined, sort }, replace: true })
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what is typed changes the address, not the way back
  }, [wanted])
  const order = sort ?? (q ? 'best' : 'newest')
  const options = [...(q ? [{ value: 'best', label: words.sorts.best }] : []), ...SORTS.map((value) => ({ value, label: words.sorts[value] }))]
  return (
    <Page title={t.app.pages.customers} wide>
      <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2">
        <SearchField label={words.find} placeholder={words.findPlaceholder} value={typed} onChange={(event) => setTyped(event.target.value)} className="w-full max-w-[26.25rem]" />
        <label className="flex items-center gap-2 text-xs text-fg-2">
          {words.order}
          <select className="h-8 rounded-md border border-line-strong bg-panel px-2 text-sm text-fg pointer-coarse:h-11" value={order} onChange={(event) => void navigate({ to: '/customers', search: { q, sort: orderOf(event.target.value, q) }, replace: true })}>
            {options.map(({ value, label }) => <option key={value} value={value}>{label}</option>)}
          </select>
        </label>
      </div>
      <Listed q={q} sort={sort} />
    </Page>
  )
}

/** What stands in the address: nothing for the order that is there without one. */
const orderOf = (chosen: string, q: string | undefined): CustomersOrder | undefined => SORTS.find((one) => one === chosen && (q ?? one !== 'newest'))

function Listed({ q, sort }: { q: string | undefined; sort: CustomersOrder | undefined }) {
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(customersQuery(q, sort))
  if (error && !data) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (isPending) return <Waits rows={12} className="p-0" />
  const rows = data.pages.flatMap((page) => page.data)
  if (!rows.length) return q ? <Empty icon={<UserX size={18} />} title={words.noneFound} hint={words.noneFoundHint} /> : <Empty icon={<UserRound size={18} />} title={words.none} hint={words.noneHint} />
  return (
    <>
      <Table label={words.label} columns={COLUMNS} rows={rows} keyOf={(row) => row.id} tall />
      {q && rows.length === MOST && <p className="mt-3 text-xs text-fg-3">{words.onlyBest(MOST)}</p>}
      {hasNextPage && <Button className="mt-3" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t.app.loadMore}</Button>}
    </>
  )
}

/** No more than these are found at once. */
const MOST = 50

const name = (customer: CustomerOut): string => customer.name ?? customer.email ?? words.unnamed

const COLUMNS: readonly Column<CustomerOut>[] = [
  {
    id: 'name', title: words.name,
    cell: (row) => (
      <span className="flex min-w-0 items-center gap-2.5">
        <Avatar name={name(row)} size={28} />
        <span className="grid min-w-0">
          <Link to="/customers/$customerId" params={{ customerId: row.id }} className="flex min-h-6 min-w-0 items-center font-medium hover:underline"><bdi className="truncate">{name(row)}</bdi></Link>
          <span className="truncate text-xs text-fg-3">{row.email}<span className="md:hidden">{row.company && <>{row.email && ' · '}<bdi>{row.company}</bdi></>}</span></span>
        </span>
      </span>
    ),
  },
  { id: 'company', title: words.company, from: 'md', cell: (row) => row.company && <bdi className="wrap-anywhere">{row.company}</bdi> },
  { id: 'plan', title: words.plan, from: 'md', cell: (row) => row.plan && capital(row.plan) },
  { id: 'value', title: words.value, from: 'md', number: true, className: 'pr-8', cell: (row) => row.value && money(row.value) },
  { id: 'language', title: words.language, from: 'lg', cell: (row) => row.language && languageName(row.language) },
  { id: 'since', title: words.since, number: true, cell: (row) => <time dateTime={row.created_at} className="text-xs text-fg-3">{shortAge(row.created_at)}</time> },
]
