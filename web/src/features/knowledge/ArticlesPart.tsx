import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { BookOpen, SearchX } from 'lucide-react'
import { useState } from 'react'
import { articlesQuery, type ArticleStatus } from '../../api/queries/knowledge'
import { searchQuery } from '../../api/queries/search'
import type { ArticleOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { languageName, topicName } from '../../lib/names'
import { dateTime, shortAge } from '../../lib/time'
import { useDelayed } from '../../lib/useDelayed'
import { t } from '../../strings'
import { words } from '../../strings/pages/knowledge'
import { Badge, Button, Empty, Skeleton } from '../../ui'
import { SearchField } from '../../ui/SearchField'
import { Segmented } from '../../ui/Segmented'
import { Table, type Column } from '../../ui/Table'

const STATUSES = ['published', 'draft', 'archived'] as const

/** All articles, narrowed by their status or found by words and meaning. */
export function ArticlesPart() {
  const [status, setStatus] = useState<ArticleStatus | 'all'>('published')
  const [typed, setTyped] = useState('')
  const wanted = useDelayed(typed.trim())
  const options = [...STATUSES.map((value) => ({ value, label: words.status[value] })), { value: 'all' as const, label: words.allStatuses }]
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <SearchField label={words.find} placeholder={words.findPlaceholder} value={typed} onChange={(event) => setTyped(event.target.value)} className="w-full max-w-[360px]" />
        {wanted.length < 2 && <Segmented label={words.statusFilter} quiet options={options} value={status} onChange={setStatus} />}
      </div>
      {wanted.length > 1 ? <Found wanted={wanted} /> : <All status={status === 'all' ? undefined : status} />}
    </>
  )
}

function All({ status }: { status: ArticleStatus | undefined }) {
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(articlesQuery(status))
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton rows={10} className="p-0" />
  const rows = data.pages.flatMap((page) => page.data)
  if (!rows.length) return <Empty icon={<BookOpen size={18} />} title={words.noneTitle} hint={words.noneHint} />
  return (
    <>
      <Table label={words.parts.articles} columns={COLUMNS} rows={rows} keyOf={(row) => row.id} tall />
      {hasNextPage && <Button className="mt-3" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t.app.loadMore}</Button>}
    </>
  )
}

export const statusTone = (status: ArticleStatus): 'ok' | 'accent' | 'low' => (status === 'published' ? 'ok' : status === 'draft' ? 'accent' : 'low')

const COLUMNS: readonly Column<ArticleOut>[] = [
  {
    id: 'title', title: words.title, className: 'max-w-0 w-full',
    cell: (row) => (
      <span className="grid min-w-0">
        <Link to="/knowledge/articles/$articleId" params={{ articleId: row.id }} dir="auto" className="flex min-h-6 items-center font-medium hover:underline"><span className="truncate">{row.title}</span></Link>
        <span className="flex gap-2 truncate text-xs text-fg-3">
          {row.category && <span>{topicName(row.category)}</span>}
          {row.contradictions.length > 0 && <span className="text-high">{words.disputed(row.contradictions.length)}</span>}
        </span>
      </span>
    ),
  },
  { id: 'language', title: words.language, from: 'lg', cell: (row) => languageName(row.language) },
  { id: 'status', title: words.state, from: 'md', cell: (row) => <Badge tone={statusTone(row.status)}>{words.status[row.status]}</Badge> },
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
