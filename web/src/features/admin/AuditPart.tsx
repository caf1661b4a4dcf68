import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Download, Eye, ListFilter, ScrollText, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { usersQuery } from '../../api/queries/admin'
import { actionsQuery, auditQuery, exportAddress, readAuditSearch, verificationQuery, type AuditSearch } from '../../api/queries/audit'
import type { AuditEventOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { dateTime } from '../../lib/time'
import { auditRoute } from '../../routes'
import { t } from '../../strings'
import { words } from '../../strings/pages/audit'
import { Badge, Button, Empty, Skeleton, cx } from '../../ui'
import { SelectField, TextField } from '../../ui/Field'
import { Table, type Column } from '../../ui/Table'
import { AuditDetails } from './AuditDetails'
import { actionName, actorName } from './actions'
import { TrailState } from './TrailState'

const TONES = { done: 'low', refused: 'medium', failed: 'critical' } as const
const DOWNLOAD = 'inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-raised px-2.5 text-xs font-medium hover:bg-hover pointer-coarse:h-11'

/** What was done by whom: filtered, taken along, and verified. */
export function AuditPart() {
  const search = readAuditSearch(auditRoute.useSearch())
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(auditQuery(search))
  // A phone has room for the filters or for what they find.
  const [filtering, setFiltering] = useState(false)
  const verification = useQuery(verificationQuery)
  const [open, setOpen] = useState<AuditEventOut>()
  const client = useQueryClient()
  const verify = () => void verification.refetch().then(() => client.invalidateQueries({ queryKey: ['audit'] }))
  useCommands([{ id: 'audit.verify', label: words.verify, group: 'page', run: verify }])
  const navigate = useNavigate()
  const showReads = () => void navigate({ to: '/admin/audit', search: ({ reads, ...rest }: AuditSearch) => (reads ? rest : { ...rest, reads: 'shown' as const }), replace: true } as never)
  const rows = data?.pages.flatMap((page) => page.data)
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-2">
        <Filters key={JSON.stringify(search)} search={search} folded={!filtering} />
        <span className="flex flex-wrap gap-2 lg:ml-auto">
          <Button large className="!px-2.5 !text-xs sm:hidden" aria-expanded={filtering} aria-controls="audit-filters" onClick={() => setFiltering(!filtering)}><ListFilter size={13} aria-hidden />{words.filters(Object.keys(search).filter((name) => name !== 'reads').length)}</Button>
          <Button large className="!px-2.5 !text-xs aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-text" aria-pressed={search.reads === 'shown'} onClick={showReads}><Eye size={13} aria-hidden />{words.reads}</Button>
          <a download href={exportAddress(search, 'csv')} aria-label={words.exportCsv} className={DOWNLOAD}><Download size={13} aria-hidden />{words.csv}</a>
          <a download href={exportAddress(search, 'jsonl')} aria-label={words.exportJson} className={DOWNLOAD}><Download size={13} aria-hidden />{words.jsonLines}</a>
          <Button large className="!px-2.5 !text-xs" onClick={verify} disabled={verification.isFetching}><ShieldCheck size={13} aria-hidden />{verification.isFetching ? words.verifying : words.verify}</Button>
        </span>
      </div>
      <TrailState state={verification.data} error={verification.error} />
      {error ? <ErrorView error={error} onRetry={() => void refetch()} /> : !rows ? <Skeleton className="p-0" rows={10} /> : rows.length === 0
        ? <Empty icon={<ScrollText size={18} />} title={words.empty} hint={words.emptyHint} />
        : <Events rows={rows} onOpen={setOpen} />}
      {hasNextPage && <Button className="mt-3" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t.app.loadMore}</Button>}
      {open && <AuditDetails event={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Events({ rows, onOpen }: { rows: AuditEventOut[]; onOpen: (event: AuditEventOut) => void }) {
  const { data: users } = useQuery(usersQuery)
  const names = new Map(users?.data.map((user) => [user.id, user.name]))
  const who = (event: AuditEventOut) => actorName(event, names)
  const columns: Column<AuditEventOut>[] = [
    {
      id: 'action', title: words.action,
      cell: (event) => (
        <span className="grid min-w-0">
          <button type="button" className="min-h-6 rounded-sm text-left font-medium hover:underline" onClick={() => onOpen(event)}>{actionName(event.action)}</button>
          <span className="text-xs break-words text-fg-3 md:hidden">{who(event)} · {dateTime(event.occurred_at)}</span>
        </span>
      ),
    },
    { id: 'who', title: words.who, from: 'md', cell: (event) => <span dir="auto" className="text-fg-2">{who(event)}</span> },
    { id: 'target', title: words.target, from: 'lg', cell: (event) => <Target target={event.target} names={names} /> },
    { id: 'when', title: words.when, from: 'md', cell: (event) => <time dateTime={event.occurred_at} className="whitespace-nowrap text-fg-2">{dateTime(event.occurred_at)}</time> },
    { id: 'outcome', title: words.outcome, className: 'text-right', cell: (event) => <Badge tone={TONES[event.outcome]}>{words.outcomes[event.outcome]}</Badge> },
  ]
  return <Table label={words.action} columns={columns} rows={rows} keyOf={(event) => event.id} />
}

/** A record by its name, a kind of records in words, else the id. */
function Target({ target, names }: { target: string | null; names: ReadonlyMap<string, string> }) {
  const name = names.get(target ?? '') ?? words.kinds[target ?? '']
  return name ? <span dir="auto" className="text-fg-2">{name}</span> : <code className="font-mono text-xs text-fg-2">{target}</code>
}

type Choice = { value: string; label: string }
/** All there are, and what the address names that is not among them. */
const choices = (any: string, known: Choice[], named: string | undefined): Choice[] =>
  [{ value: '', label: any }, ...known, ...(named && !known.some(({ value }) => value === named) ? [{ value: named, label: named }] : [])]

/** On a phone only where they were asked for. */
function Filters({ search, folded }: { search: AuditSearch; folded: boolean }) {
  const navigate = useNavigate()
  const go = (next: AuditSearch) => void navigate({ to: '/admin/audit', search: next, replace: true })
  const { data: users } = useQuery(usersQuery)
  const { data: actions } = useQuery(actionsQuery)
  const people = (users?.data ?? []).map((user) => ({ value: user.id, label: user.name }))
  const deeds = (actions?.data ?? []).map((code) => ({ value: code, label: actionName(code) })).sort((a, b) => a.label.localeCompare(b.label))
  const submit = (form: FormData) =>
    go({ ...(search.reads && { reads: search.reads }), ...Object.fromEntries([...form].map(([name, value]) => [name, String(value).trim()] as const).filter(([, value]) => value)) })
  const outcomes = [{ value: '', label: words.anyOutcome }, ...(['done', 'refused', 'failed'] as const).map((value) => ({ value, label: words.outcomes[value] ?? value }))]
  return (
    <form id="audit-filters" className={cx('grid grid-cols-2 items-end gap-2 sm:flex sm:flex-wrap', folded && 'max-sm:hidden')} onSubmit={(event) => { event.preventDefault(); submit(new FormData(event.currentTarget)) }}>
      <SelectField key={`action${deeds.length}`} className="sm:w-40" label={words.action} name="action" options={choices(words.anyAction, deeds, search.action)} defaultValue={search.action ?? ''} />
      <SelectField key={`actor${people.length}`} className="sm:w-36" label={words.who} name="actor" options={choices(words.anybody, people, search.actor)} defaultValue={search.actor ?? ''} />
      <TextField className="sm:w-28" label={words.target} name="target" placeholder={words.targetHint} maxLength={80} defaultValue={search.target} />
      <SelectField className="sm:w-24" label={words.outcome} name="outcome" options={outcomes} defaultValue={search.outcome ?? ''} />
      <TextField className="sm:w-36" label={words.from} name="from" type="date" defaultValue={search.from} />
      <TextField className="sm:w-36" label={words.to} name="to" type="date" defaultValue={search.to} />
      <span className="flex gap-1">
        <Button type="submit" large>{words.filter}</Button>
        {Object.keys(search).length > 0 && <Button variant="ghost" large onClick={() => go({})}>{words.clear}</Button>}
      </span>
    </form>
  )
}
