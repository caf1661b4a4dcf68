import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { usersQuery } from '../../api/queries/admin'
import { actionsQuery, type AuditSearch } from '../../api/queries/audit'
import { words } from '../../strings/pages/audit'
import { Button, cx } from '../../ui'
import { SelectField, TextField } from '../../ui/Field'
import { RecordPicker } from './RecordPicker'
import { actionName } from './actions'

type Choice = { value: string; label: string }
/** All there are, and what the address names that is not among them. */
const choices = (any: string, known: Choice[], named: string | undefined): Choice[] =>
  [{ value: '', label: any }, ...known, ...(named && !known.some(({ value }) => value === named) ? [{ value: named, label: named }] : [])]

type Props = {
  search: AuditSearch
  folded: boolean
  /** The name of the record that the address names. */
  named: string | undefined
  onNamed: (record: { id: string; name: string } | undefined) => void
}

/** On a phone only where they were asked for. */
export function AuditFilters({ search, folded, named, onNamed }: Props) {
  const [target, setTarget] = useState<{ id: string; name: string }>()
  const [changed, setChanged] = useState(false)
  const chosen = changed ? target : search.target && named ? { id: search.target, name: named } : undefined
  const navigate = useNavigate()
  const go = (next: AuditSearch) => void navigate({ to: '/admin/audit', search: next, replace: true })
  const { data: users } = useQuery(usersQuery)
  const { data: actions } = useQuery(actionsQuery)
  const people = (users?.data ?? []).map((user) => ({ value: user.id, label: user.name }))
  const deeds = (actions?.data ?? []).map((code) => ({ value: code, label: actionName(code) })).sort((a, b) => a.label.localeCompare(b.label))
  const submit = (form: FormData) => {
    if (changed) onNamed(target)
    go({ ...(search.reads && { reads: search.reads }), ...Object.fromEntries([...form].map(([name, value]) => [name, String(value).trim()] as const).filter(([, value]) => value)) })
  }
  const outcomes = [{ value: '', label: words.anyOutcome }, ...(['done', 'refused', 'failed'] as const).map((value) => ({ value, label: words.outcomes[value] ?? value }))]
  return (
    <form id="audit-filters" className={cx('grid grid-cols-2 items-end gap-2 sm:flex sm:flex-wrap', folded && 'max-sm:hidden')} onSubmit={(event) => { event.preventDefault(); submit(new FormData(event.currentTarget)) }}>
      <SelectField key={`action${deeds.length}`} className="sm:w-40" label={words.action} name="action" options={choices(words.anyAction, deeds, search.action)} defaultValue={search.action ?? ''} />
      <SelectField key={`actor${people.length}`} className="sm:w-36" label={words.who} name="actor" options={choices(words.anybody, people, search.actor)} defaultValue={search.actor ?? ''} />
      <RecordPicker chosen={chosen} onChoose={(record) => { setTarget(record); setChanged(true) }} />
      <input type="hidden" name="target" value={chosen?.id ?? ''} />
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
