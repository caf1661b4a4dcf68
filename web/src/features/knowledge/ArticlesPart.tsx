import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { BookOpen, SearchX } from 'lucide-react'
import { useState } from 'react'
import { articlesQuery, type ArticleStatus, type ArticlesWanted, type HealthSort, type HealthState } from '../../api/queries/knowledge'
import { searchQuery } from '../../api/queries/search'
import type { ArticleHealthOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { languageName, languageOptions, topicName } from '../../lib/names'
import { dateTime, shortAge } from '../../lib/time'
import { useDelayed } from '../../lib/useDelayed'
import { language, t } from '../../strings'
import { words } from '../../strings/pages/knowledge'
import { Badge, Button, Empty, Skeleton } from '../../ui'
import { SelectField } from '../../ui/Field'
import { SearchField } from '../../ui/SearchField'
import { Segmented } from '../../ui/Segmented'
import { Table, type Column } from '../../ui/Table'

const STATUSES = ['published', 'draft', 'archived'] as const
const optionsOf = <T extends string>(names: Readonly<Record<T, string>>) => (Object.keys(names) as T[]).map((value) => ({ value, label: names[value] }))

/** All articles with how they do, narrowed by what they are, or found by words and meaning. */
export function ArticlesPart() {
  const [status, setStatus] = useState<ArticleStatus | 'all'>('published')
  const [spoken, setSpoken] = useState('')
  const [state, setState] = useState<HealthState | 'all'>('all')
  const [sort, setSort] = useState<HealthSort>('changed')
  const [typed, setTyped] = useState('')
  const wanted = useDelayed(typed.trim())
  const statuses = [...STATUSES.map((value) => ({ value, label: words.status[value] })), { value: 'all' as const, label: words.allStatuses }]
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <SearchField label={words.find} placeholder={words.findPlaceholder} value={typed} onChange={(event) => setTyped(event.target.value)} className="w-full max-w-[17.5rem] max-md:max-w-none" />
        {wanted.length < 2 && (
          <>
            <Segmented label={words.statusFilter} options={statuses} value={status} onChange={setStatus} />
            <SelectField className="min-w-32" label={words.health} options={optionsOf(words.healths)} value={state} onChange={(event) => setState(event.target.value as typeof state)} />
            <SelectField className="min-w-32" label={words.language} options={[{ value: '', label: words.everyLanguage }, ...languageOptions(language)]} value={spoken} onChange={(event) => setSpoken(event.target.value)} />
            <SelectField className="min-w-40" label={words.sortBy} options={optionsOf(words.sorts)} value={sort} onChange={(event) => setSort(event.target.value as HealthSort)} />
          </>
        )}
      </div>
      {wanted.length > 1 ? <Found wanted={wanted} /> : <All wanted={{ status: status === 'all' ? undefined : status, language: spoken || undefined, state: state === 'all' ? undefined : state, sort }} />}
    </>
  )
}

function All({ wanted }: { wanted: ArticlesWanted }) {
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(articlesQuery(wanted))
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton rows={10} className="p-0" />
  const rows = data.pages.flatMap((page) => page.data)
  const narrowed = wanted.state ?? wanted.language
  if (!rows.length) return <Empty icon={<BookOpen size={18} />} title={words.noneTitle} {...(!narrowed && { hint: words.noneHint })} />
  const [first] = data.pages
  return (
    <>
      <Table label={words.parts.articles} columns={COLUMNS} rows={rows} keyOf={(row) => row.id} tall />
      {hasNextPage && <Button className="mt-3" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t.app.loadMore}</Button>}
      {first && <p className="mt-3 text-xs text-fg-3">{words.ofDays(first.days, first.drafts_read, first.complete)}</p>}
    </>
  )
}

export const statusTone = (status: ArticleStatus): 'ok' | 'accent' | 'low' => (status === 'published' ? 'ok' : status === 'draft' ? 'accent' : 'low')

/** So many of so many; a dash where there is nothing to be a part of. */
const part = (count: number, of: number) => (of ? <span className="whitespace-nowrap">{words.shareOf(count, of)}</span> : '–')

const COLUMNS: readonly Column<ArticleHealthOut>[] = [
  {
    id: 'title', title: words.title, className: 'max-w-0 w-full',
    cell: (row) => (
      <span className="grid min-w-0 grid-cols-1">
        <Link to="/knowledge/articles/$articleId" params={{ articleId: row.id }} dir="auto" className="flex min-h-6 items-center font-medium hover:underline"><span className="truncate">{row.title}</span></Link>
        <span className="flex flex-wrap gap-x-2 text-xs text-fg-3">
          {row.category && <span>{topicName(row.category)}</span>}
          {row.contradictions > 0 && <span className="text-high">{words.disputed(row.contradictions)}</span>}
          {row.stale && row.contradictions === 0 && <span className="text-medium">{words.isStale}</span>}
          <span data-number className="md:hidden">{words.usedIn(row.drafts)}{row.kept > 0 && `, ${words.keptOf(row.kept)}`}</span>
        </span>
      </span>
    ),
  },
  { id: 'language', title: words.language, from: 'lg', cell: (row) => languageName(row.language) },
  { id: 'status', title: words.state, from: 'md', cell: (row) => <Badge tone={statusTone(row.status)}>{words.status[row.status]}</Badge> },
  { id: 'drafts', title: words.inDrafts, number: true, from: 'md', cell: (row) => row.drafts },
  { id: 'kept', title: words.keptShare, number: true, from: 'md', cell: (row) => part(row.kept, row.drafts) },
  { id: 'content', title: words.content, number: true, from: 'lg', cell: (row) => part(row.satisfied, row.rated) },
  { id: 'changed', title: words.changed, number: true, cell: (row) => <time dateTime={row.updated_at} title={dateTime(row.updated_at)} className="whitespace-nowrap text-xs text-fg-3">{shortAge(row.updated_at)}</time> },
]

function Found({ wanted }: { wanted: string }) {
  const { data, error, isPending, refetch } = useQuery(searchQuery(wanted, ['article'], 50))
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton rows={8} className="p-0" />
  if (!data.data.length) return <Empty icon={<SearchX size={18} />} title={words.notFoundWords} />
  return (
    <ul aria-label={words.parts.articles}>
      {data.data.map((hit) => (
        <li key={hit.id} className="border-b border-line last:border-b-0">
          <Link to="/knowledge/articles/$articleId" params={{ articleId: hit.id }} className="block rounded-md py-2 hover:bg-hover">
            <span dir="auto" className="font-medium">{hit.title}</span>
            <span dir="auto" className="line-clamp-2 text-xs text-fg-3">{hit.snippet}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
