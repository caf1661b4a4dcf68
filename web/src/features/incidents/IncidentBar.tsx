import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Siren } from 'lucide-react'
import { useState } from 'react'
import { incidentOfQuery, useWhole } from '../../api/queries/incidents'
import type { IncidentOut } from '../../api/schema'
import { t } from '../../strings'
import { words } from '../../strings/pages/incidents'
import { Badge } from '../../ui'
import { Popover } from '../../ui/lazy'
import { focusConversation } from '../issue/jump'
import { isOpen } from './parts'

/** On the page of an issue: that it belongs to an incident, and what else does. */
export default function IncidentBar({ issueId }: { issueId: string }) {
  const incident = useQuery(incidentOfQuery(issueId)).data
  if (!incident) return null
  return <Bar incident={incident} issueId={issueId} />
}

function Bar({ incident, issueId }: { incident: IncidentOut; issueId: string }) {
  const [open, setOpen] = useState(false)
  const { issues } = useWhole(incident, open)
  const go = (to: string) => {
    setOpen(false)
    focusConversation(to)
  }
  const others = issues.filter((issue) => issue.id !== issueId)
  return (
    <div className="flex min-h-8 shrink-0 flex-wrap items-center gap-x-2 border-b border-line bg-critical-soft px-3 text-xs text-critical sm:px-4">
      <Siren size={14} aria-hidden className="shrink-0" />
      <span className="sr-only">{words.partOf}: </span>
      <span dir="auto" className="min-w-0 truncate font-medium">{incident.title}</span>
      {incident.issue_ids.length < 2 ? <span>{words.alone}</span> : (
        <Popover
          open={open} onOpenChange={setOpen} title={incident.title} className="w-[min(26.25rem,92vw)]"
          trigger={<button type="button" className="min-h-6 rounded-sm underline underline-offset-2 pointer-coarse:min-h-11">{words.siblings(incident.issue_ids.length - 1)}</button>}
        >
          <ul aria-label={words.issues} className="max-h-[50vh] overflow-y-auto">
            {others.map((issue) => (
              <li key={issue.id}>
                <Link to="/inbox/$view/$issueId" params={{ view: 'all', issueId: issue.id }} onClick={() => go(issue.id)} className="flex min-h-8 items-center gap-2 rounded-md px-1.5 hover:bg-hover pointer-coarse:min-h-11">
                  <span dir="auto" className="min-w-0 flex-1 truncate">{issue.subject || t.inbox.noSubject}</span>
                  <span dir="auto" className="max-w-32 truncate text-xs text-fg-3">{issue.customer_name ?? words.noName}</span>
                  {!isOpen(issue) && <Badge tone="ok">{t.issue.status[issue.status as 'resolved']}</Badge>}
                </Link>
              </li>
            ))}
          </ul>
          <p className="mt-2 flex justify-end border-t border-line pt-2"><Link to="/critical" className="inline-flex h-7 items-center rounded-md border border-line bg-raised px-2.5 text-xs font-medium hover:bg-hover pointer-coarse:h-11">{words.board}</Link></p>
        </Popover>
      )}
    </div>
  )
}
