import { useQuery } from '@tanstack/react-query'
import { sentence } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import { summaryQuery, useWriteSummary } from '../../api/queries/copilot'
import type { Issue } from '../../api/queries/issues'
import type { SummaryOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { t } from '../../strings/work'
import { Button, Skeleton } from '../../ui'
import { jumpToMessage } from '../issue/jump'
import { Card } from './Card'

/** Which summary an issue has: how it was solved, or what happened so far. */
export const kindOf = ({ status }: Issue): SummaryOut['kind'] => (status === 'resolved' || status === 'closed' ? 'resolution' : 'handover')

/** What happened so far, or how it was solved; each line goes to the message it stands on. */
export function SummaryCard({ issue }: { issue: Issue }) {
  const kind = kindOf(issue)
  const { data: summary, error, isPending } = useQuery(summaryQuery(issue.id, kind))
  const write = useWriteSummary(issue.id, kind)
  const writes = useMay('summaries.write')
  useCommands(writes ? [{ id: 'copilot.summary', label: t.copilot.summaryWrite, group: 'copilot', run: () => write.mutate() }] : [])
  const problem = error ?? write.error
  const aside = writes && !isPending && (!summary || summary.stale) && (
    <Button variant="ghost" disabled={write.isPending} onClick={() => write.mutate()}>{summary ? t.copilot.again : t.copilot.summaryWrite}</Button>
  )
  if (!writes && summary === null) return null
  return (
    <Card title={t.copilot.summary} part={problem ? { status: 'unavailable', problem: { detail: sentence(problem) } } : {}} aside={aside}>
      {isPending && <Skeleton rows={2} className="!p-0" />}
      {summary?.stale && <p className="mb-1 text-xs text-fg-3">{t.copilot.summaryStale}</p>}
      {summary && <Sections summary={summary} />}
    </Card>
  )
}

function Sections({ summary }: { summary: SummaryOut }) {
  return (
    <dl className="space-y-1.5 text-xs">
      {summary.sections.filter((section) => section.name !== 'customer' && section.name !== 'status').map((section) => (
        <div key={section.name}>
          <dt className="text-2xs font-medium text-fg-3 first-letter:uppercase">{section.heading}</dt>
          {section.lines.map((line) => {
            const target = line.message_ids[0]
            return (
              <dd key={line.text} dir="auto" className="text-fg-2">
                {target
                  ? <button type="button" title={t.copilot.summaryJump} onClick={() => jumpToMessage(target)} className="-mx-1 min-h-6 rounded-sm px-1 text-left hover:bg-hover hover:text-fg">{line.text}</button>
                  : line.text}
                {line.internal && <span className="ml-1 text-2xs text-medium">({t.copilot.internal})</span>}
              </dd>
            )
          })}
        </div>
      ))}
    </dl>
  )
}
