import { useState } from 'react'
import { sentence } from '../../api/errors'
import { useTeams } from '../../api/queries/admin'
import type { TeamOut, TeamUse, UserOut } from '../../api/schema'
import { failed, toast } from '../../app/toasts'
import { t } from '../../strings'
import { words } from '../../strings/pages/admin'
import { Button } from '../../ui'
import { CheckRow } from '../../ui/CheckRow'
import { Confirm } from '../../ui/Confirm'
import Dialog from '../../ui/Dialog'
import { TextField } from '../../ui/Field'

/** More people than this are looked through with words. */
const MANY = 8

/** One team: its name, who is in it, and its end. */
export function EditTeam({ team, users, onClose }: { team: TeamOut; users: readonly UserOut[]; onClose: () => void }) {
  const { rename, remove, use } = useTeams()
  const [asking, setAsking] = useState<TeamUse>()
  const save = (name: string) => rename.mutate({ ...team, name }, { onSuccess: () => { toast({ title: t.app.saved }); onClose() } })
  return (
    <Dialog open onOpenChange={onClose} kind="side" title={team.name}>
      <form className="space-y-4 p-4" onSubmit={(event) => { event.preventDefault(); save(String(new FormData(event.currentTarget).get('name')).trim()) }}>
        <TextField label={words.name} name="name" required maxLength={80} defaultValue={team.name} />
        {rename.error && <p role="alert" className="text-xs text-critical">{sentence(rename.error)}</p>}
        <Button type="submit" variant="primary" large disabled={rename.isPending}>{t.app.save}</Button>
      </form>
      <Members team={team} users={users} />
      <section className="border-t border-line p-4">
        <Button variant="danger" disabled={use.isPending} onClick={() => use.mutate(team.id, { onSuccess: setAsking, onError: failed })}>{words.teamDelete}</Button>
      </section>
      {asking && (
        <Confirm title={words.teamDeleteOf(team.name)} action={words.teamDelete} danger onClose={() => setAsking(undefined)} onConfirm={() => remove.mutateAsync(asking).then(() => { toast({ title: words.teamDeleted(team.name) }); onClose() })}>
          <p>{words.teamLoss(asking.issues, asking.members)}</p>
          {asking.limits && asking.issues > 0 && <p>{words.teamFreed}</p>}
        </Confirm>
      )}
    </Dialog>
  )
}

/** Everybody who may come in, with a mark for who is in the team; each change is made at once. */
function Members({ team, users }: { team: TeamOut; users: readonly UserOut[] }) {
  const { put, take } = useTeams()
  const [text, setText] = useState('')
  const here = users.filter((user) => !user.disabled)
  const shown = here.filter((user) => user.name.toLowerCase().includes(text.trim().toLowerCase())).sort((a, b) => a.name.localeCompare(b.name))
  const change = (user: UserOut, isIn: boolean) => (isIn ? take : put).mutate({ team: team.id, user: user.id }, { onError: failed })
  return (
    <fieldset className="border-t border-line p-4">
      <legend className="sr-only">{words.members}</legend>
      <p aria-hidden className="mb-1 text-xs font-medium text-fg-2">{words.members}</p>
      {here.length > MANY && <TextField className="mb-2" label={words.memberFind} type="search" value={text} maxLength={200} onChange={(event) => setText(event.target.value)} />}
      {shown.map((user) => {
        const isIn = user.team_ids.includes(team.id)
        return <CheckRow key={user.id} label={<span dir="auto">{user.name}</span>} checked={isIn} onChange={() => change(user, isIn)} />
      })}
    </fieldset>
  )
}
