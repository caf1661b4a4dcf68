import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowUpDown, ListFilter, X } from 'lucide-react'
import { useState } from 'react'
import { countsQuery } from '../../api/queries/issues'
import { t } from '../../strings'
import { Button, IconButton } from '../../ui'
import { TextField } from '../../ui/Field'
import { Menu, Popover } from '../../ui/lazy'
import { CHOICES, SORTS, hasFilters, type InboxSearch, type ViewName } from './views'

type Props = {
  view: ViewName
  search: InboxSearch
  /** Whether the list is what the page is about: no issue is open. */
  isPage: boolean
}
type Field = 'status' | 'severity' | 'channel'

export const labelOf = (field: string, value: string): string => {
  const words = ({ status: t.issue.status, severity: t.issue.severity, channel: t.issue.channel } as Record<string, Record<string, string>>)[field]
  return words?.[value] ?? value
}

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
            <FilterForm search={search} onChange={go} />
          </Popover>
        </span>
      </header>
      {hasFilters(search) && <Chips search={search} onChange={go} />}
    </div>
  )
}

type FormProps = { search: InboxSearch; onChange: (next: InboxSearch) => void }

function FilterForm({ search, onChange }: FormProps) {
  const [words, setWords] = useState(search.q ?? '')
  const [assignee, setAssignee] = useState(search.assignee ?? '')
  const [tag, setTag] = useState(search.tag ?? '')
  const typed = () => onChange({ ...search, q: words.trim() || undefined, assignee: assignee.trim() || undefined, tag: tag.trim() || undefined })
  return (
    <form className="space-y-3" onSubmit={(event) => { event.preventDefault(); typed() }}>
      <TextField label={t.inbox.filterText} type="search" value={words} maxLength={200} onBlur={typed} onChange={(event) => setWords(event.target.value)} />
      {(['status', 'severity', 'channel'] as const).map((field) => <Choice key={field} field={field} search={search} onChange={onChange} />)}
      <div className="grid grid-cols-2 gap-2">
        <TextField label={t.inbox.fields.assignee} value={assignee} maxLength={200} onBlur={typed} onChange={(event) => setAssignee(event.target.value)} />
        <TextField label={t.inbox.fields.tag} value={tag} maxLength={200} onBlur={typed} onChange={(event) => setTag(event.target.value)} />
      </div>
      <Button className="sr-only focus:not-sr-only" type="submit">{t.inbox.filter}</Button>
    </form>
  )
}

function Choice({ field, search, onChange }: FormProps & { field: Field }) {
  const chosen: readonly string[] = [search[field] ?? []].flat()
  const toggle = (value: string) => {
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : field === 'channel' ? [value] : [...chosen, value]
    const set = field === 'channel' ? next[0] : next.length ? next : undefined
    onChange({ ...search, [field]: set })
  }
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-fg-2">{t.inbox.fields[field]}</legend>
      <div className="flex flex-wrap gap-1">
        {CHOICES[field].map((value) => (
          <button
            key={value} type="button" aria-pressed={chosen.includes(value)} onClick={() => toggle(value)}
            className="h-6 rounded-md border border-line px-2 text-xs text-fg-2 hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-text pointer-coarse:h-9"
          >
            {labelOf(field, value)}
          </button>
        ))}
      </div>
    </fieldset>
  )
}

function Chips({ search, onChange }: FormProps) {
  const { sort: _sort, ...filters } = search
  const chips = Object.entries(filters).flatMap(([field, value]) => [value].flat().map((one) => ({ field, value: String(one) })))
  const remove = (field: string, value: string) => {
    const left = [search[field as keyof InboxSearch] ?? []].flat().filter((one) => one !== value)
    onChange({ ...search, [field]: Array.isArray(search[field as keyof InboxSearch]) && left.length ? left : undefined } as InboxSearch)
  }
  return (
    <ul className="flex flex-wrap gap-1 px-3 pb-2">
      {chips.map(({ field, value }) => (
        <li key={`${field}${value}`} className="flex h-6 max-w-full items-center rounded-md bg-hover pl-2 text-xs text-fg-2">
          <span className="truncate">{labelOf(field, value)}</span>
          <button type="button" aria-label={t.inbox.removeFilter(labelOf(field, value))} onClick={() => remove(field, value)} className="ml-0.5 flex size-6 items-center justify-center rounded-md hover:text-fg">
            <X size={12} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  )
}
