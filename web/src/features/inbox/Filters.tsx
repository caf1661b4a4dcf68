import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowUpDown, ListFilter } from 'lucide-react'
import { Suspense, useRef } from 'react'
import { countsQuery, issuesQuery } from '../../api/queries/issues'
import { lazyPart } from '../../lib/lazyPart'
import { t } from '../../strings'
import { IconButton } from '../../ui'
import { Menu, Popover } from '../../ui/lazy'
import { SORTS, hasFilters, usualSort, type InboxSearch, type ViewName } from './views'

type Props = {
  view: ViewName
  search: InboxSearch
  /** Whether the list is what the page is about: no issue is open. */
  isPage: boolean
}
const FilterForm = lazyPart(() => import('./FilterForm'))
const SaveView = lazyPart(() => import('./SaveView'))
const Chips = lazyPart(() => import('./Chips'))

/** Title, order and filters of a list; all of them stand in the address, so a list can be sent to a colleague. */
export function Filters({ view, search, isPage }: Props) {
  const navigate = useNavigate()
  const Title = isPage ? 'h1' : 'h2'
  const go = (next: InboxSearch) => void navigate({ to: '.', search: next, replace: true } as never)
  // Into what the address says at that moment: what was typed and what is pressed next come together.
  const change = (part: Partial<InboxSearch>) => void navigate({ to: '.', search: (before: InboxSearch) => ({ ...before, ...part }), replace: true } as never)
  const typed = useRef<() => void>(null)
  const now = search.sort ?? usualSort(view)
  const sorted = `${t.inbox.sort}: ${t.inbox.sorts[now]}`
  const sorts = SORTS.map((sort) => ({
    id: sort, label: t.inbox.sorts[sort], hint: undefined, checked: now === sort,
    run: () => go({ ...search, sort: sort === usualSort(view) ? undefined : sort }),
  }))
  return (
    <div className="border-b border-line">
      <header className="flex h-11 items-center gap-1 pr-2 pl-4">
        <Title className="truncate font-semibold">{t.inbox.views[view]}</Title>
        <Count view={view} search={search} />
        <span className="ml-auto flex">
          {(hasFilters(search) || search.sort) && <Suspense><SaveView view={view} search={search} /></Suspense>}
          <Menu label={t.inbox.sort} align="end" items={sorts} trigger={<IconButton label={sorted}><ArrowUpDown size={15} aria-hidden /></IconButton>} />
          <Popover title={t.inbox.filter} align="end" onOpenChange={(open) => { if (!open) typed.current?.() }} trigger={<IconButton label={t.inbox.filter} pressed={hasFilters(search)}><ListFilter size={15} aria-hidden /></IconButton>}>
            <Suspense><FilterForm search={search} onChange={change} typed={typed} /></Suspense>
          </Popover>
        </span>
      </header>
      {hasFilters(search) && <Suspense fallback={<div className="h-8" />}><Chips search={search} onChange={go} /></Suspense>}
    </div>
  )
}

/** How many the view holds; where filters narrow it, how many were found, as far as they have been read. */
function Count({ view, search }: Pick<Props, 'view' | 'search'>) {
  const { data: counts } = useQuery(countsQuery)
  const { data: found } = useInfiniteQuery({ ...issuesQuery(view, search), enabled: false })
  const read = found?.pages.reduce((sum, { data }) => sum + data.length, 0)
  const shown = !hasFilters(search) ? counts?.[view] : found && `${read}${found.pages.at(-1)?.next_cursor ? '+' : ''}`
  return shown === undefined ? null : <span data-number className="px-1 text-xs text-fg-3">{shown}</span>
}
