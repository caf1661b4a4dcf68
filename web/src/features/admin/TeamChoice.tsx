import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { teamsQuery, usePeople } from '../../api/queries/admin'
import { words } from '../../strings/pages/admin'
import { Button } from '../../ui'
import { TextField } from '../../ui/Field'
import { CheckRow } from '../../ui/CheckRow'
import { failed } from '../../app/toasts'

/** The teams that somebody is in; a new one is made here too. */
export function TeamChoice({ value, onChange }: { value: readonly string[]; onChange: (ids: string[]) => void }) {
  const { data: teams } = useQuery(teamsQuery)
  const { addTeam } = usePeople()
  const [name, setName] = useState('')
  const add = () => addTeam.mutate(name.trim(), { onSuccess: (team) => { setName(''); onChange([...value, team.id]) }, onError: failed })
  const toggle = (id: string) => onChange(value.includes(id) ? value.filter((one) => one !== id) : [...value, id])
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-fg-2">{words.teams}</legend>
      {teams?.length === 0 && <p className="mb-2 text-xs text-fg-3">{words.noTeams}</p>}
      <div className="mb-2">{teams?.map((team) => <CheckRow key={team.id} label={team.name} checked={value.includes(team.id)} onChange={() => toggle(team.id)} />)}</div>
      <div className="flex items-end gap-2">
        <TextField className="flex-1" label={words.teamName} value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
        <Button large disabled={!name.trim() || addTeam.isPending} onClick={add}>{words.addTeam}</Button>
      </div>
    </fieldset>
  )
}
