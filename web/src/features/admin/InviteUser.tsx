import { useState } from 'react'
import { ApiError, sentence } from '../../api/errors'
import { usePeople } from '../../api/queries/admin'
import type { LinkOut, UserIn } from '../../api/schema'
import { dateTime } from '../../lib/time'
import { words } from '../../strings/pages/admin'
import { Button } from '../../ui'
import Dialog from '../../ui/Dialog'
import { SelectField, TextField } from '../../ui/Field'
import { Secret } from '../../ui/Secret'
import { ShownOnce } from '../../ui/ShownOnce'
import { TeamChoice } from './TeamChoice'

export const PEOPLE_ROLES = (['agent', 'lead', 'admin', 'auditor'] as const).map((value) => ({ value, label: words.roles[value] }))

/** Adds a person, then shows the link by which they set their password. */
export function InviteUser({ onClose }: { onClose: () => void }) {
  const { invite } = usePeople()
  const [teams, setTeams] = useState<string[]>([])
  const [role, setRole] = useState<(typeof PEOPLE_ROLES)[number]['value']>('agent')
  const { error, data: made } = invite
  const fields = error instanceof ApiError ? error.fields : {}
  const submit = (form: FormData) => {
    const body: UserIn = { email: String(form.get('email')), name: String(form.get('name')), role, team_ids: teams }
    invite.mutate(body)
  }
  if (made) return <OneTimeLink name={made.user.name} link={made.password_link} onClose={onClose} />
  return (
    <Dialog open onOpenChange={onClose} kind="side" title={words.inviteTitle}>
      <form className="space-y-4 p-4" onSubmit={(event) => { event.preventDefault(); submit(new FormData(event.currentTarget)) }}>
        <p className="text-fg-3">{words.inviteHint}</p>
        <TextField label={words.name} name="name" required maxLength={200} autoComplete="off" error={fields.name} />
        <TextField label={words.email} name="email" type="email" required maxLength={254} autoComplete="off" error={fields.email} />
        <div>
          <SelectField label={words.role} options={PEOPLE_ROLES} value={role} onChange={(event) => setRole(event.target.value as typeof role)} />
          <p className="mt-1 text-xs text-fg-3">{words.roleHints[role]}</p>
        </div>
        <TeamChoice value={teams} onChange={setTeams} />
        {error && Object.keys(fields).length === 0 && <p role="alert" className="text-xs text-critical">{sentence(error)}</p>}
        <Button type="submit" variant="primary" large disabled={invite.isPending}>{words.inviteDo}</Button>
      </form>
    </Dialog>
  )
}

/** A link that is good once, to be handed to the person. */
export function OneTimeLink({ name, link, onClose }: { name: string; link: LinkOut; onClose: () => void }) {
  return (
    <ShownOnce onClose={onClose} title={words.linkTitle(name)}>
      <p className="text-fg-2">{words.linkHint(dateTime(link.expires_at))}</p>
      <Secret label={words.link} value={new URL(link.link, location.origin).href} />
    </ShownOnce>
  )
}
