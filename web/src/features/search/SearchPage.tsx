import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { BookOpen, FileText, MessageSquare, Search, SearchX, UserRound } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { searchQuery, type Kind } from '../../api/queries/search'
import type { FoundOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { useDelayed } from '../../lib/useDelayed'
import { searchRoute } from '../../routes'
import { t } from '../../strings'
import { words } from '../../strings/pages/search'
import { Badge, Empty, Skeleton } from '../../ui'
import { Page } from '../../ui/Page'
import { SearchField } from '../../ui/SearchField'
import { Segmented } from '../../ui/Segmented'
import { linkOf } from './links'

const KINDS = ['issue', 'customer', 'article'] as const
const ICONS: Record<Kind, typeof Search> = { issue: MessageSquare, customer: UserRound, article: BookOpen, template: FileText }

/** Everything by words and meaning, over the whole page. What is searched for stands in the address. */
export function SearchPage() {
  const { q = '', kind } = searchRoute.useSearch()
  const navigate = useNavigate()
  const [typed, setTyped] = useState(q)
  const field = useRef<HTMLInputElement>(null)
  const wanted = useDelayed(typed.trim())
  useEffect(() => field.current?.focus(), [])
  useEffect(() => {
    if (wanted !== q) void navigate({ to: '/search', search: { q: wanted || undefined, kind }, replace: true })
  }, [wanted, q, kind, navigate])
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery({ ...searchQuery(wanted, kind ? [kind] : [], 50), enabled: wanted.length > 1 })
  const hits = wanted.length > 1 ? data?.data : undefined
  useResultCommands(field)
  return (
    <Page title={t.app.pages.search} fill>
      <div className="flex h-full min-h-0 flex-col">
        <div className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-3 md:px-6">
          <SearchField
            ref={field} label={words.label} placeholder={words.placeholder} value={typed} className="w-full max-w-[520px]"
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => { if (event.key === 'ArrowDown') { event.preventDefault(); results()[0]?.focus() } }}
          />
          <Segmented
            label={words.filter} quiet value={kind ?? 'all'} options={[{ value: 'all', label: words.all }, ...KINDS.map((one) => ({ value: one, label: words.kinds[one] }))]}
            onChange={(value) => void navigate({ to: '/search', search: { q: wanted || undefined, kind: value === 'all' ? undefined : value }, replace: true })}
          />
        </div>
        <p role="status" className="sr-only">{hits && !isPlaceholderData && words.found(hits.length)}</p>
        <div className="min-h-0 flex-1 overflow-y-auto">
          {error ? <ErrorView error={error} onRetry={() => void refetch()} />
            : wanted.length < 2 ? <Empty icon={<Search size={18} />} title={words.startTitle} hint={words.startHint} />
              : isPending ? <Skeleton rows={10} className="max-w-[760px]" />
                : hits?.length ? <Results hits={hits} /> : <Empty icon={<SearchX size={18} />} title={words.noneTitle} hint={words.noneHint} />}
        </div>
      </div>
    </Page>
  )
}

function Results({ hits }: { hits: readonly FoundOut[] }) {
  return (
    <ul aria-label={words.results} data-arrows className="max-w-[840px] px-2 py-2 md:px-4">
      {hits.map((hit) => {
        const Icon = ICONS[hit.kind]
        return (
          <li key={hit.id}>
            <Link {...linkOf(hit)} data-result className="flex gap-3 rounded-lg px-2 py-2 -outline-offset-2 hover:bg-hover">
              <span aria-hidden className="mt-0.5 flex size-6 shrink-0 items-center justify-center rounded-md bg-hover text-fg-3"><Icon size={13} /></span>
              <span className="min-w-0 flex-1">
                <span className="flex items-center gap-2">
                  <span dir="auto" className="truncate font-medium">{hit.title}</span>
                  <span className="sr-only">{words.kindOne[hit.kind]}</span>
                  {hit.status && hit.status !== 'published' && <Badge>{(t.issue.status as Record<string, string>)[hit.status] ?? hit.status}</Badge>}
                </span>
                {hit.snippet && <span dir="auto" className="line-clamp-2 text-xs text-fg-3">{hit.snippet}</span>}
              </span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

const results = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-result]')]

function useResultCommands(field: { current: HTMLInputElement | null }): void {
  const step = (by: number) => {
    const all = results()
    const at = all.indexOf(document.activeElement as HTMLElement)
    all[Math.max(0, Math.min(all.length - 1, at + by))]?.focus()
  }
  useCommands([
    { id: 'search.next', label: words.next, group: 'page', keys: ['j', 'arrowdown'], keysOnly: true, run: () => step(1) },
    { id: 'search.previous', label: words.previous, group: 'page', keys: ['k', 'arrowup'], keysOnly: true, run: () => step(-1) },
    { id: 'search.focus', label: words.focus, group: 'page', keys: ['/'], keysOnly: true, run: () => field.current?.focus() },
  ])
}
