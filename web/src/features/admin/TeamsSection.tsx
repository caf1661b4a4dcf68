import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { teamsQuery, usePeople } from '../../api/queries/admin'
import { useMay } from '../../api/queries/me'
import type { TeamOut, UserOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { words } from '../../strings/pages/admin'
import { Avatar, Button } from '../../ui'
import { Confirm } from '../../ui/Confirm'
import { TextField } from '../../ui/Field'
import { Table, type Column } from '../../ui/Table'
import { EditTeam } from './EditTeam'

/** So many members are named in the list. */
const NAMED = 4

/** The teams and who is in them; nothing where there are none and nobody here may make one. */
export function TeamsSection({ users }: { users: readonly UserOut[] }) {
  const { data: teams } = useQuery(teamsQuery)
  const { addTeam } = usePeople()
  const manages = useMay('teams.manage')
  const [open, setOpen] = useState<'new' | string>()
  const close = () => setOpen(undefined)
  useCommands(manages ? [{ id: 'admin.newTeam', label: words.teamName, group: 'page', run: () => setOpen('new') }] : [])
  if (!teams || (!teams.length && !manages)) return null
  const byName = [...teams].sort((a, b) => a.name.localeCompare(b.name))
  const edited = teams.find(({ id }) => id === open)
  return (
    <section aria-labelledby="teams" className="mt-8">
      <div className="mb-3 flex items-center gap-2">
        <h2 id="teams" className="font-semibold">{words.teams}</h2>
        {manages && <Button className="ml-auto" onClick={() => setOpen('new')}><Plus size={13} aria-hidden />{words.teamName}</Button>}
      </div>
      {byName.length
        ? <Table label={words.teams} columns={columns(users, manages ? setOpen : undefined)} rows={byName} keyOf={(team) => team.id} />
        : <p className="text-fg-3">{words.noTeams}</p>}
      {open === 'new' && (
        <Confirm title={words.teamName} action={words.addTeam} onClose={() => setOpen((now) => (now === 'new' ? undefined : now))} onConfirm={(form) => addTeam.mutateAsync(String(form.get('name')).trim()).then((team) => setOpen(team.id))}>
          <TextField label={words.name} name="name" required maxLength={80} autoComplete="off" />
        </Confirm>
      )}
      {edited && <EditTeam key={edited.id} team={edited} users={users} onClose={close} />}
    </section>
  )
}

const columns = (users: readonly UserOut[], onOpen: ((id: string) => void) | undefined): Column<TeamOut>[] => [
  { id: 'name', title: words.name, cell: (team) => <Name team={team} onOpen={onOpen} /> },
  { id: 'people', title: words.parts.users, from: 'md', cell: (team) => <Members of={users.filter((user) => !user.disabled && user.team_ids.includes(team.id))} /> },
  { id: 'members', title: words.members, number: true, cell: (team) => team.members },
]

function Name({ team, onOpen }: { team: TeamOut; onOpen: ((id: string) => void) | undefined }) {
  const name = <span dir="auto" className="truncate font-medium">{team.name}</span>
  return onOpen ? <button type="button" aria-label={words.edit(team.name)} onClick={() => onOpen(team.id)} className="flex min-h-6 max-w-full items-center rounded-sm text-left hover:underline pointer-coarse:min-h-11">{name}</button> : name
}

function Members({ of }: { of: readonly UserOut[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1">
      {of.slice(0, NAMED).map((user) => <li key={user.id} className="flex min-w-0 items-center gap-1.5 text-xs text-fg-2"><Avatar name={user.name} size={16} /><span dir="auto" className="truncate">{user.name}</span></li>)}
      {of.length > NAMED && <li className="text-xs text-fg-3">+{of.length - NAMED}</li>}
    </ul>
  )
}
