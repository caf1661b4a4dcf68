import type { AuditEventOut } from '../../api/schema'
import { dateTime } from '../../lib/time'
import { words } from '../../strings/pages/audit'
import Dialog from '../../ui/Dialog'
import { Table } from '../../ui/Table'

/** Everything that is known of one event, with what it changed. */
export function AuditDetails({ event, onClose }: { event: AuditEventOut; onClose: () => void }) {
  const facts: [string, string | number | null][] = [
    [words.when, dateTime(event.occurred_at)], [words.who, event.actor], [words.actorKind, event.actor_kind], [words.target, event.target],
    [words.outcome, words.outcomes[event.outcome] ?? event.outcome], [words.reason, event.reason], [words.via, event.via], [words.address, event.address],
    [words.userAgent, event.user_agent], [words.request, event.request_id], [words.number, event.seq], [words.hash, event.hash],
  ]
  const fields = [...new Set([...event.changed, ...Object.keys(event.before), ...Object.keys(event.after)])]
  const say = (values: Record<string, unknown>, field: string) =>
    field in values ? <span className="break-words">{String(values[field] ?? '–')}</span> : <span className="text-fg-3">{words.notKept}</span>
  return (
    <Dialog open onOpenChange={onClose} kind="side" title={words.details(event.action)}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 p-4 text-xs">
        {facts.map(([name, value]) => value !== null && (
          <div key={name} className="contents"><dt className="text-fg-3">{name}</dt><dd className="break-words">{value}</dd></div>
        ))}
      </dl>
      {fields.length > 0 && (
        <section className="border-t border-line p-4 text-xs">
          <h3 className="mb-1 font-medium">{words.changes}</h3>
          <Table
            label={words.changes} rows={fields} keyOf={(field) => field}
            columns={[
              { id: 'field', title: words.field, cell: (field) => field },
              { id: 'before', title: words.before, cell: (field) => say(event.before, field) },
              { id: 'after', title: words.after, cell: (field) => say(event.after, field) },
            ]}
          />
        </section>
      )}
    </Dialog>
  )
}
