import { useQuery } from '@tanstack/react-query'
import { useImperativeHandle, useState, type Ref } from 'react'
import { peopleQuery, plansQuery } from '../../api/queries/people'
import { capital } from '../../lib/names'
import { t } from '../../strings'
import { listing } from '../../strings/pages/listing'
import { Button } from '../../ui'
import { SelectField, TextField } from '../../ui/Field'
import { Choice, Toggle } from './Choice'
import type { InboxSearch } from './views'

type FormProps = { search: InboxSearch; onChange: (part: Partial<InboxSearch>) => void }

/** What narrows a list. `typed`: takes the words as they stand, for whoever takes the form away. */
export default function FilterForm({ search, onChange, typed }: FormProps & { typed: Ref<() => void> }) {
  const [words, setWords] = useState(search.q ?? '')
  const { data: people } = useQuery(peopleQuery)
  const [tag, setTag] = useState(search.tag ?? '')
  const assignee = search.assignee ?? ''
  const named = (people?.data ?? []).map(({ value, name }) => ({ value, label: name }))
  // Somebody the address names, who is no longer among those who can be given issues.
  const others = assignee && !named.some(({ value }) => value === assignee) ? [{ value: assignee, label: assignee }] : []
  const options = [{ value: '', label: listing.anybody }, ...named, ...others]
  const take = () => {
    const [q, named] = [words.trim() || undefined, tag.trim() || undefined]
    if (q !== search.q || named !== search.tag) onChange({ q, tag: named })
  }
  useImperativeHandle(typed, () => take)
  return (
    <form className="space-y-3" onSubmit={(event) => { event.preventDefault(); take() }}>
      <TextField label={listing.filterText} type="search" value={words} maxLength={200} onBlur={take} onChange={(event) => setWords(event.target.value)} />
      {(['status', 'severity', 'sla', 'risk', 'channel'] as const).map((field) => <Choice key={field} field={field} search={search} onChange={onChange} />)}
      <Plans search={search} onChange={onChange} />
      <div className="grid grid-cols-2 gap-2">
        <SelectField label={listing.fields.assignee} options={options} value={assignee} onChange={(event) => onChange({ assignee: event.target.value || undefined })} />
        <Teams search={search} onChange={onChange} />
        <TextField label={listing.fields.tag} value={tag} maxLength={200} onBlur={take} onChange={(event) => setTag(event.target.value)} />
      </div>
      <Button className="sr-only focus:not-sr-only" type="submit">{t.inbox.filter}</Button>
    </form>
  )
}

/** Teams, where there are some, and the one that the address names. */
function Teams({ search: { team_id: chosen = '' }, onChange }: FormProps) {
  const { data: people } = useQuery(peopleQuery)
  const named = (people?.teams ?? []).map(({ id, name }) => ({ value: id, label: name }))
  if (!named.length && !chosen) return null
  const others = people && chosen && !named.some(({ value }) => value === chosen) ? [{ value: chosen, label: listing.noSuchTeam }] : []
  return <SelectField label={listing.fields.team_id} options={[{ value: '', label: listing.anyTeam }, ...named, ...others]} value={chosen} onChange={(event) => onChange({ team_id: event.target.value || undefined })} />
}

/** Plans that customers have, and those that the address names. */
function Plans({ search, onChange }: FormProps) {
  const { data: known } = useQuery(plansQuery)
  const chosen = search.plan ?? []
  const all = [...new Set([...(known?.data ?? []), ...chosen])]
  const toggle = (name: string) => {
    const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]
    onChange({ plan: next.length ? next : undefined })
  }
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-fg-2">{listing.fields.plan}</legend>
      {known && !all.length && <p className="text-xs text-fg-3">{listing.noPlans}</p>}
      <div className="flex flex-wrap gap-1">
        {all.map((name) => <Toggle key={name} on={chosen.includes(name)} onToggle={() => toggle(name)}>{capital(name)}</Toggle>)}
      </div>
    </fieldset>
  )
}
