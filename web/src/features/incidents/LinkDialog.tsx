import { useState } from 'react'
import { sentence } from '../../api/errors'
import { useIncidents } from '../../api/queries/incidents'
import type { ClusterOut } from '../../api/schema'
import { toast } from '../../app/toasts'
import { shortAge } from '../../lib/time'
import { t } from '../../strings'
import { words } from '../../strings/pages/incidents'
import { Button } from '../../ui'
import { CheckRow } from '../../ui/CheckRow'
import Dialog from '../../ui/Dialog'
import { TextField } from '../../ui/Field'

/** Makes an incident of a cluster, or adds what is new to the one that it belongs to. */
export default function LinkDialog({ cluster, onClose }: { cluster: ClusterOut; onClose: () => void }) {
  const fresh = cluster.issues.filter((issue) => !issue.incident_id)
  const { create, add } = useIncidents()
  const [title, setTitle] = useState(cluster.title)
  const [left, setLeft] = useState<readonly string[]>([])
  const key = useKeyOf(JSON.stringify([title, left]))
  const chosen = fresh.map((issue) => issue.id).filter((id) => !left.includes(id))
  const toggle = (id: string) => setLeft(left.includes(id) ? left.filter((one) => one !== id) : [...left, id])
  const joins = cluster.incident_id
  const submit = () => {
    const made = joins ? add.mutateAsync({ id: joins, issue_ids: chosen }) : create.mutateAsync({ title: title.trim(), issue_ids: chosen, key })
    made.then((linked) => { onClose(); if (linked) toast({ title: words.linked(linked.title) }) }, () => undefined)
  }
  const error = create.error ?? add.error
  return (
    <Dialog open onOpenChange={onClose} title={joins ? words.linkMore : words.link} hint={words.linkHint}>
      <form className="space-y-4 p-4" onSubmit={(event) => { event.preventDefault(); submit() }}>
        {!joins && <TextField label={words.title} value={title} required maxLength={300} dir="auto" onChange={(event) => setTitle(event.target.value)} />}
        <fieldset>
          <legend className="mb-1 text-xs font-medium text-fg-2">{words.issues}</legend>
          {fresh.map((issue) => (
            <CheckRow
              key={issue.id} checked={!left.includes(issue.id)} onChange={() => toggle(issue.id)}
              label={<span className="flex items-baseline gap-2"><span dir="auto">{issue.subject || t.inbox.noSubject}</span><span data-number className="shrink-0 text-xs text-fg-3">{shortAge(issue.created_at)}</span></span>}
            />
          ))}
        </fieldset>
        {error && <p role="alert" className="text-xs text-critical">{sentence(error)}</p>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" variant="primary" disabled={!chosen.length || !title.trim() || create.isPending || add.isPending}>
            {joins ? words.addButton(chosen.length) : words.linkButton(chosen.length)}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** A key for one request: a second press after a lost answer is the same one, another choice is another. */
function useKeyOf(payload: string): string {
  const [keyed, setKeyed] = useState(() => ({ payload, key: crypto.randomUUID() }))
  if (keyed.payload !== payload) setKeyed({ payload, key: crypto.randomUUID() })
  return keyed.key
}
