import { Link } from '@tanstack/react-router'
import { Check, ChevronDown, ChevronRight, Send, Siren, X } from 'lucide-react'
import { useId, useState } from 'react'
import { useIncidents, useWhole } from '../../api/queries/incidents'
import type { IncidentOut } from '../../api/schema'
import { failed, toast } from '../../app/toasts'
import { isOpen } from './parts'
import { shortAge } from '../../lib/time'
import { t } from '../../strings'
import { words } from '../../strings/pages/incidents'
import { Badge, Button, IconButton, Severity } from '../../ui'
import type { SeverityValue } from '../../ui/Severity'

/** An open incident in one line; its issues unfold below. */
export function OpenIncident({ incident, may, onReply }: { incident: IncidentOut; may: boolean; onReply: () => void }) {
  const [unfolded, setUnfolded] = useState(false)
  const { edit, unlink } = useIncidents()
  const id = useId()
  const { issues } = useWhole(incident, unfolded)
  // Not callbacks of `mutate`: the line is gone as soon as the incident is closed, and they would go with it.
  const close = () => {
    const reopen = (closed: IncidentOut) => { edit.mutateAsync({ incident: closed, status: 'open' }).catch(failed) }
    edit.mutateAsync({ incident, status: 'closed' }).then((closed) => toast({ title: words.closed, undo: () => reopen(closed) }), failed)
  }
  const takeOut = (issueId: string) => { unlink.mutateAsync({ id: incident.id, issueId }).then(() => toast({ title: words.unlinked }), failed) }
  return (
    <article aria-labelledby={id} className="rounded-xl border border-line bg-raised">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5 py-2 pr-2 pl-3">
        <Siren size={16} aria-hidden className="shrink-0 text-critical" />
        <h2 id={id} dir="auto" className="min-w-0 flex-1 basis-56 truncate font-semibold">{incident.title}</h2>
        <span className="flex flex-wrap items-center gap-1 max-md:w-full max-md:pl-6">
          <Button variant="ghost" aria-expanded={unfolded} aria-controls={`${id}-issues`} onClick={() => setUnfolded(!unfolded)} className="max-md:-ml-2.5">
            {unfolded ? <ChevronDown size={13} aria-hidden /> : <ChevronRight size={13} aria-hidden />}
            {words.openOf(incident.issues_open, incident.issue_ids.length)}
          </Button>
          {may && incident.issues_open > 0 && <Button onClick={onReply}><Send size={13} aria-hidden />{words.reply}</Button>}
          {may && !incident.in_part && <Button variant="ghost" disabled={edit.isPending} onClick={close}><Check size={13} aria-hidden />{words.close}</Button>}
        </span>
      </div>
      <ul id={`${id}-issues`} hidden={!unfolded} aria-label={words.issues} className="border-t border-line py-1">
        {issues.map((issue) => (
          <li key={issue.id} className="flex min-h-8 items-center gap-2 pr-2 pl-9 hover:bg-hover max-md:pl-3">
            <Severity value={issue.severity as SeverityValue | null} compact />
            <Link to="/inbox/$view/$issueId" params={{ view: 'all', issueId: issue.id }} dir="auto" className="min-w-0 flex-1 truncate hover:underline pointer-coarse:py-2.5">{issue.subject || t.inbox.noSubject}</Link>
            <span dir="auto" className="max-w-40 truncate text-xs text-fg-3 max-md:hidden">{issue.customer_name ?? words.noName}</span>
            {!isOpen(issue) && <Badge tone="ok">{t.issue.status[issue.status as 'resolved']}</Badge>}
            <span data-number className="w-10 text-right text-xs text-fg-3">{shortAge(issue.created_at)}</span>
            {may && <IconButton label={words.unlink(issue.subject)} disabled={unlink.isPending} onClick={() => takeOut(issue.id)}><X size={13} aria-hidden /></IconButton>}
          </li>
        ))}
      </ul>
    </article>
  )
}
