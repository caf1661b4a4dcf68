import { useState } from 'react'
import { ApiError, sentence } from '../../api/errors'
import { usePeople } from '../../api/queries/admin'
import type { LinkOut, UserOut } from '../../api/schema'
import { failed, toast } from '../../app/toasts'
import { t } from '../../strings'
import { words } from '../../strings/pages/admin'
import { Button } from '../../ui'
import { Confirm } from '../../ui/Confirm'
import Dialog from '../../ui/Dialog'
import { SelectField, TextField } from '../../ui/Field'
import { OneTimeLink, PEOPLE_ROLES } from './InviteUser'
import { TeamChoice } from './TeamChoice'

/** One person: name, address, role, teams, and help with the ways in. */
export function EditUser({ user, isMe, onClose }: { user: UserOut; isMe: boolean; onClose: () => void }) {
  const { edit, link, takeFactor, endSessions } = usePeople()
  const [role, setRole] = useState(user.role)
  const [teams, setTeams] = useState(user.team_ids)
  const [made, setMade] = useState<LinkOut>()
  const [asking, setAsking] = useState<'disable' | 'factor'>()
  const fields = edit.error instanceof ApiError ? edit.error.fields : {}
  const save = (form: FormData) => {
    const email = String(form.get('email'))
    const body = { name: String(form.get('name')), role, team_ids: teams, ...(email && email !== user.email && { email }) }
    edit.mutate({ id: user.id, ...body }, { onSuccess: () => { toast({ title: t.app.saved }); onClose() } })
  }
  if (made) return <OneTimeLink name={user.name} link={made} onClose={onClose} />
  return (
    <Dialog open onOpenChange={onClose} kind="side" title={user.name}>
      <form className="space-y-4 p-4" onSubmit={(event) => { event.preventDefault(); save(new FormData(event.currentTarget)) }}>
        <TextField label={words.name} name="name" required maxLength={200} defaultValue={user.name} error={fields.name} />
        <TextField label={words.email} name="email" type="email" maxLength={254} defaultValue={user.email ?? ''} error={fields.email} />
        <div>
          <SelectField label={words.role} options={PEOPLE_ROLES} value={role} onChange={(event) => setRole(event.target.value as typeof role)} />
          <p className="mt-1 text-xs text-fg-3">{words.roleHints[role]}</p>
        </div>
        <TeamChoice value={teams} onChange={setTeams} />
        {edit.error && Object.keys(fields).length === 0 && <p role="alert" className="text-xs text-critical">{sentence(edit.error)}</p>}
        <Button type="submit" variant="primary" large disabled={edit.isPending}>{t.app.save}</Button>
      </form>
      <section className="space-y-2 border-t border-line p-4">
        <h3 className="text-xs font-medium text-fg-2">{words.standing}</h3>
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => link.mutate(user.id, { onSuccess: setMade, onError: failed })}>{words.passwordLink}</Button>
          <Button onClick={() => endSessions.mutate(user.id, { onSuccess: () => toast({ title: words.sessionsEnded }), onError: failed })}>{words.endSessions}</Button>
          {user.standing?.has_second_factor && <Button onClick={() => setAsking('factor')}>{words.takeFactor}</Button>}
          {!isMe && (user.disabled
            ? <Button onClick={() => edit.mutate({ id: user.id, disabled: false }, { onSuccess: onClose })}>{words.enable}</Button>
            : <Button variant="danger" onClick={() => setAsking('disable')}>{words.disable}</Button>)}
        </div>
      </section>
      {asking === 'factor' && (
        <Confirm title={words.takeFactor} action={words.takeFactor} danger onClose={() => setAsking(undefined)} onConfirm={() => takeFactor.mutateAsync(user.id).then(() => toast({ title: words.factorTaken }))}>
          <p>{words.takeFactorHint}</p>
        </Confirm>
      )}
      {asking === 'disable' && (
        <Confirm title={`${words.disable}: ${user.name}`} action={words.disable} danger onClose={() => setAsking(undefined)} onConfirm={() => edit.mutateAsync({ id: user.id, disabled: true }).then(onClose)}>
          <p>{words.disableHint}</p>
        </Confirm>
      )}
    </Dialog>
  )
}
