import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowUpDown, ListFilter, X } from 'lucide-react'
import { Suspense, lazy } from 'react'
import { countsQuery } from '../../api/queries/issues'
import { peopleQuery } from '../../api/queries/people'
import { t } from '../../strings'
import { IconButton } from '../../ui'
import { Menu, Popover } from '../../ui/lazy'
import { labelOf } from './labels'
import { SORTS, hasFilters, type InboxSearch, type ViewName } from './views'

type Props = {
  view: ViewName
  search: InboxSearch
  /** Whether the list is what the page is about: no issue is open. */
  isPage: boolean
}
type FormProps = { search: InboxSearch; onChange: (next: InboxSearch) => void }
const FilterForm = lazy(() => import('./FilterForm'))

/** Title, order and filters of a list; all of them stand in the address, so a list can be sent to a colleague. */
export function Filters({ view, search, isPage }: Props) {
  const navigate = useNavigate()
  const { data: counts } = useQuery(countsQuery)
  const Title = isPage ? 'h1' : 'h2'
  const go = (next: InboxSearch) => void navigate({ to: '.', search: next, replace: true } as never)
  const sorts = SORTS.map((sort) => ({
    id: sort, label: t.inbox.sorts[sort], hint: undefined, checked: (search.sort ?? 'newest') === sort,
    run: () => go({ ...search, sort: sort === 'newest' ? undefined : sort }),
  }))
  return (
    <div className="border-b border-line">
      <header className="flex h-11 items-center gap-1 pr-2 pl-4">
        <Title className="truncate font-semibold">{t.inbox.views[view]}</Title>
        {counts && <span data-number className="px-1 text-xs text-fg-3">{counts[view]}</span>}
        <span className="ml-auto flex">
          <Menu label={t.inbox.sort} align="end" items={sorts} trigger={<IconButton label={t.inbox.sort}><ArrowUpDown size={15} aria-hidden /></IconButton>} />
          <Popover title={t.inbox.filter} align="end" trigger={<IconButton label={t.inbox.filter} pressed={hasFilters(search)}><ListFilter size={15} aria-hidden /></IconButton>}>
            <Suspense><FilterForm search={search} onChange={go} /></Suspense>
          </Popover>
        </span>
      </header>
      {hasFilters(search) && <Chips search={search} onChange={go} />}
    </div>
  )
}

function Chips({ search, onChange }: FormProps) {
  const { sort: _sort, ...filters } = search
  const { data: people } = useQuery({ ...peopleQuery, enabled: search.assignee !== undefined })
  const nameOf = (field: string, value: string) => (field === 'assignee' && people?.data.find((one) => one.value === value)?.name) || labelOf(field, value)
  const chips = Object.entries(filters).flatMap(([field, value]) => [value].flat().map((one) => ({ field, value: String(one) })))
  const remove = (field: string, value: string) => {
    const left = [search[field as keyof InboxSearch] ?? []].flat().filter((one) => one !== value)
    onChange({ ...search, [field]: Array.isArray(search[field as keyof InboxSearch]) && left.length ? left : undefined } as InboxSearch)
  }
  return (
    <ul className="flex flex-wrap gap-1 px-3 pb-2">
      {chips.map(({ field, value }) => (
        <li key={`${field}${value}`} className="flex h-6 max-w-full items-center rounded-md bg-hover pl-2 text-xs text-fg-2">
          <span className="truncate">{nameOf(field, value)}</span>
          <button type="button" aria-label={t.inbox.removeFilter(nameOf(field, value))} onClick={() => remove(field, value)} className="ml-0.5 flex size-6 items-center justify-center rounded-md hover:text-fg">
            <X size={12} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  )
}
