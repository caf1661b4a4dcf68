import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Search, SearchX } from 'lucide-react'
import { Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { MOST_FOUND, searchQuery } from '../../api/queries/search'
import type { FoundOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { lazyPart } from '../../lib/lazyPart'
import { useDelayed } from '../../lib/useDelayed'
import { searchRoute, type SearchFor } from '../../routes'
import { t } from '../../strings'
import { preview } from '../../strings/pages/preview'
import { words } from '../../strings/pages/search'
import { Empty, cx } from '../../ui'
import { Page } from '../../ui/Page'
import { SearchField } from '../../ui/SearchField'
import { Segmented } from '../../ui/Segmented'
import { Waits } from '../../ui/Waits'
import { CHOICES } from '../inbox/views'
import { Result } from './Result'
import { useHits } from './useHits'

const KINDS = ['issue', 'customer', 'article'] as const
const Preview = lazyPart(() => import('./Preview'))

/** Where there is room for a hit beside the list. */
const roomy = matchMedia('(min-width: 64rem)')
const useRoomy = (): boolean => useSyncExternalStore((listener) => {
  roomy.addEventListener('change', listener)
  return () => roomy.removeEventListener('change', listener)
}, () => roomy.matches)

/** Everything by words and meaning, over the whole page. What is searched for stands in the address. */
export function SearchPage() {
  const { q = '', hit } = searchRoute.useSearch()
  const [typed, setTyped] = useState(q)
  const [field, list] = [useRef<HTMLInputElement>(null), useRef<HTMLDivElement>(null)]
  const { wanted, asks, hits, settled, error, isPending, refetch } = useFound(typed.trim())
  const isRoomy = useRoomy()
  const shown = isRoomy ? (hits?.find((one) => one.id === hit) ?? hits?.[0]) : undefined
  const { choose, step, open } = useHits({ field, list }, { settled, shown: shown?.id, previews: shown !== undefined })
  return (
    <Page title={t.app.pages.search} fill>
      <div className="flex h-full min-h-0 flex-col">
        <div className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-3 md:px-6">
          <SearchField
            ref={field} label={words.label} placeholder={words.placeholder} value={typed} className="w-full max-w-[32.5rem]"
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              const run = event.nativeEvent.isComposing ? undefined : { ArrowDown: () => step(1), Enter: open }[event.key]
              if (run) { event.preventDefault(); run() }
            }}
          />
          <Narrowing wanted={wanted} />
          <p role="status" className="text-xs text-fg-3 max-lg:sr-only">{hits && settled && words.found(hits.length)}</p>
        </div>
        <div className={cx('min-h-0 flex-1', shown && 'grid grid-cols-[minmax(0,5fr)_minmax(0,6fr)] grid-rows-[minmax(0,1fr)]')}>
          <div ref={list} tabIndex={-1} data-arrows className="h-full overflow-y-auto outline-none">
            {error ? <ErrorView error={error} onRetry={() => void refetch()} />
              : !asks ? <Empty icon={<Search size={18} />} title={words.startTitle} hint={words.startHint} />
                : isPending ? <Waits rows={10} className="max-w-[47.5rem] p-4" />
                  : hits?.length ? <Results hits={hits} shown={shown?.id} onChoose={choose} /> : <Empty icon={<SearchX size={18} />} title={words.noneTitle} hint={words.noneHint} />}
          </div>
          {shown && <Previewed hit={shown} searched={wanted} />}
        </div>
      </div>
    </Page>
  )
}

/** What is found for what was typed; `settled`: nothing else is still to come. */
function useFound(typed: string) {
  const { q = '', kind, status, severity } = searchRoute.useSearch()
  const navigate = useNavigate()
  const wanted = useDelayed(typed)
  useEffect(() => {
    if (wanted !== q) void navigate({ to: '/search', search: { q: wanted || undefined, kind, status, severity }, replace: true })
  }, [wanted, q, kind, status, severity, navigate])
  const asks = wanted.length > 1
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery({ ...searchQuery(wanted, kind ? [kind] : [], MOST_FOUND, { status, severity }), enabled: asks })
  const settled = typed === wanted && !isPlaceholderData && (!isPending || !asks)
  return { wanted, asks, hits: asks && !error ? data?.data : undefined, settled, error, isPending, refetch }
}

/** Which of all that is found: of one kind, and issues by their status and severity. */
function Narrowing({ wanted }: { wanted: string }) {
  const { kind, status, severity } = searchRoute.useSearch()
  const navigate = useNavigate()
  const narrow = (to: Pick<SearchFor, 'kind' | 'status' | 'severity'>) => void navigate({ to: '/search', search: { q: wanted || undefined, ...to }, replace: true })
  return (
    <>
      <Segmented
        label={words.filter} quiet value={kind ?? 'all'} options={[{ value: 'all', label: words.all }, ...KINDS.map((one) => ({ value: one, label: words.kinds[one] }))]}
        onChange={(value) => narrow({ kind: value === 'all' ? undefined : value })}
      />
      {kind === 'issue' && (
        <>
          <Segmented
            label={preview.status} quiet value={status ?? 'all'} options={[{ value: 'all', label: preview.anyStatus }, ...CHOICES.status.map((one) => ({ value: one, label: t.issue.status[one] }))]}
            onChange={(value) => narrow({ kind, severity, status: value === 'all' ? undefined : value })}
          />
          <Segmented
            label={preview.severity} quiet value={severity ?? 'all'} options={[{ value: 'all', label: preview.anySeverity }, ...CHOICES.severity.map((one) => ({ value: one, label: t.issue.severity[one] }))]}
            onChange={(value) => narrow({ kind, status, severity: value === 'all' ? undefined : value })}
          />
        </>
      )}
    </>
  )
}

/** A moment later than the hit is in hand: what one only passes is not read. */
function Previewed({ hit, searched }: { hit: FoundOut; searched: string }) {
  const calm = useDelayed(hit, 80)
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keys
    <section id="preview" aria-label={preview.preview} tabIndex={0} className="h-full min-h-0 overflow-y-auto border-l border-line px-6 py-5 -outline-offset-2">
      <Suspense fallback={<Waits className="p-0" />}><Preview key={calm.id} hit={calm} searched={searched} /></Suspense>
    </section>
  )
}

function Results({ hits, shown, onChoose }: { hits: readonly FoundOut[]; shown: string | undefined; onChoose: (id: string) => void }) {
  return (
    <>
      <ul aria-label={words.results} className="max-w-[52.5rem] px-2 py-2 md:px-4">
        {hits.map((hit) => <li key={hit.id}><Result hit={hit} isShown={hit.id === shown} onChoose={onChoose} /></li>)}
      </ul>
      {hits.length === MOST_FOUND && <p className="px-4 pb-4 text-xs text-fg-3 md:px-6">{words.onlyBest}</p>}
    </>
  )
}
