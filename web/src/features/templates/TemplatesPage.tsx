import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { FileText, Plus } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useMay } from '../../api/queries/me'
import { allTemplatesQuery } from '../../api/queries/templateEditor'
import type { TemplateOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { sayNumber } from '../../lib/figures'
import { languageName, topicName } from '../../lib/names'
import { percent } from '../../lib/text'
import { t } from '../../strings'
import { words } from '../../strings/pages/templates'
import { Badge, Button, Empty, Skeleton, cx } from '../../ui'
import { CheckRow } from '../../ui/CheckRow'
import { Page } from '../../ui/Page'
import { SearchField } from '../../ui/SearchField'
import { Table, type Column } from '../../ui/Table'
import { foldersOf } from './folders'

/** Answers that are given often: found, looked through, and what agents made of them. */
export function TemplatesPage() {
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(allTemplatesQuery)
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [archived, setArchived] = useState(false)
  const [spoken, setSpoken] = useState('')
  const [folder, setFolder] = useState<string>()
  const wanted = useDeferredValue(text.trim().toLowerCase())
  const edits = useMay('templates.edit')
  const add = () => void navigate({ to: '/templates/$templateId', params: { templateId: 'new' } })
  useCommands(edits ? [{ id: 'templates.new', label: words.newOne, group: 'page', keys: ['n'], run: add }] : [])
  const all = data?.pages.flatMap((page) => page.data) ?? []
  const fits = (one: TemplateOut) => [one.title, one.category, one.folder, one.body, ...one.tags].some((part) => part?.toLowerCase().includes(wanted))
  const offered = all.filter((one) => archived || one.active)
  const rows = offered.filter((one) => (folder === undefined || (one.folder ?? '') === folder) && (!spoken || one.language === spoken) && (!wanted || fits(one)))
  const folders = foldersOf(offered)
  const languages = [...new Set(all.map((one) => one.language))].sort()
  const button = edits && <Button variant="primary" keys="n" onClick={add}><Plus size={13} aria-hidden />{words.newOne}</Button>
  return (
    <Page title={t.app.pages.templates} wide actions={rows.length > 0 && button}>
      {error ? <ErrorView error={error} onRetry={() => void refetch()} /> : !data ? <Skeleton className="p-0" rows={10} /> : all.length === 0 ? (
        <Empty icon={<FileText size={18} />} title={words.empty} hint={words.emptyHint}>{button}</Empty>
      ) : (
        <>
          <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
            <SearchField className="w-full max-w-[26.25rem]" label={words.find} placeholder={words.findPlaceholder} value={text} onChange={(event) => setText(event.target.value)} />
            {languages.length > 1 && <LanguageChoice languages={languages} value={spoken} onChange={setSpoken} />}
            {all.some((one) => !one.active) && <CheckRow label={words.showArchived} checked={archived} onChange={() => setArchived(!archived)} />}
          </div>
          <div className={folders.length > 0 ? 'grid gap-x-8 gap-y-4 lg:grid-cols-[12.5rem_minmax(0,1fr)]' : undefined}>
          {folders.length > 0 && <Folders folders={folders} all={offered} value={folder} onChange={setFolder} />}
            <div className="min-w-0">
          {rows.length > 0
            ? <Table label={words.list} columns={COLUMNS} rows={rows} keyOf={(one) => one.id} tall />
            : <Empty icon={<FileText size={18} />} title={words.emptyFound} hint={words.emptyFoundHint} />}
          {hasNextPage && <Button className="mt-3" onClick={() => void fetchNextPage()}>{t.app.loadMore}</Button>}
          </div>
          </div>
        </>
      )}
    </Page>
  )
}

type FoldersProps = { folders: readonly string[]; all: readonly TemplateOut[]; value: string | undefined; onChange: (folder: string | undefined) => void }

/** Where templates are kept; those in none stand last. */
function Folders({ folders, all, value, onChange }: FoldersProps) {
  const loose = all.filter((one) => !one.folder).length
  const entries: { of: string | undefined; name: string; count: number }[] = [
    { of: undefined, name: words.everyFolder, count: all.length },
    ...folders.map((name) => ({ of: name, name, count: all.filter((one) => one.folder === name).length })),
    ...(loose > 0 ? [{ of: '', name: words.noFolder, count: loose }] : []),
  ]
  return (
    <nav aria-label={words.folders} className="max-lg:-mx-1 max-lg:overflow-x-auto">
      <ul className="flex gap-1 lg:flex-col">
        {entries.map(({ of, name, count }) => (
          <li key={of ?? 'all'} className="max-lg:shrink-0">
            <button
              type="button" aria-pressed={of === value} onClick={() => onChange(of)}
              className={cx('flex h-8 w-full items-center justify-between gap-3 rounded-md px-2 text-left text-sm hover:bg-hover pointer-coarse:h-11', of === value && 'bg-selected font-medium forced-colors:outline-2')}
            >
              <span dir="auto" className="truncate max-lg:max-w-48">{name}</span><span data-number className="text-xs text-fg-3">{count}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function LanguageChoice({ languages, value, onChange }: { languages: readonly string[]; value: string; onChange: (language: string) => void }) {
  return (
    <select aria-label={words.language} value={value} onChange={(event) => onChange(event.target.value)} className="h-8 rounded-md border border-line-strong bg-panel px-2 text-sm pointer-coarse:h-11">
      <option value="">{words.everyLanguage}</option>
      {languages.map((one) => <option key={one} value={one}>{languageName(one)}</option>)}
    </select>
  )
}

/** How many of those that somebody spoke of; a dash while nobody did. */
function share({ figures }: TemplateOut, count: number): string {
  const said = figures.accepted + figures.edited + figures.rejected
  return said ? `${percent(count / said)} %` : '–'
}

/** How customers rated the issues that a reply of it went to, and how many did. */
const Satisfaction = ({ figures: { rated, satisfaction } }: Pick<TemplateOut, 'figures'>) =>
  satisfaction === null ? '–' : <span title={words.ratedIssues(rated)}>{sayNumber(satisfaction, 1)}<span className="text-xs text-fg-3"> ({rated})</span></span>

const COLUMNS: Column<TemplateOut>[] = [
  {
    id: 'title', title: words.title,
    cell: (one) => (
      <span className="grid min-w-0">
        <Link to="/templates/$templateId" params={{ templateId: one.id }} className="flex min-h-6 items-center rounded-sm font-medium hover:underline"><span dir="auto">{one.title}</span></Link>
        <span className="truncate text-xs text-fg-3">{[(one.add_tags.length > 0 || one.then_status) && words.isMacro, one.category && topicName(one.category), languageName(one.language)].filter(Boolean).join(' · ')}</span>
      </span>
    ),
  },
  { id: 'used', title: words.used, number: true, cell: (one) => one.figures.used },
  { id: 'sent', title: words.sent, number: true, from: 'md', cell: (one) => share(one, one.figures.accepted) },
  { id: 'edited', title: words.edited, number: true, from: 'md', cell: (one) => share(one, one.figures.edited) },
  { id: 'rejected', title: words.rejected, number: true, from: 'md', cell: (one) => share(one, one.figures.rejected) },
  { id: 'rated', title: words.satisfaction, number: true, from: 'md', cell: (one) => <Satisfaction figures={one.figures} /> },
  { id: 'state', title: words.state, className: 'text-right', cell: (one) => <Badge tone={one.active ? 'ok' : 'low'}>{one.active ? words.active : words.archived}</Badge> },
]
