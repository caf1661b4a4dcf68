import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { AuditEventOut } from '../../api/schema'
import { dateTime } from '../../lib/time'
import { words } from '../../strings/pages/audit'
import Dialog from '../../ui/Dialog'
import { Table } from '../../ui/Table'
import { RecordName } from './RecordName'
import { ID, actionName, actorName } from './actions'

const code = (text: string): ReactNode => <code className="font-mono break-all">{text}</code>

/** Everything that is known of one event, with what it changed. */
export function AuditDetails({ event, onClose }: { event: AuditEventOut; onClose: () => void }) {
  const facts: [string, ReactNode][] = [
    [words.when, dateTime(event.occurred_at)], [words.who, actorName(event)],
    [words.actorKind, event.actor_kind && (words.actorKinds[event.actor_kind] ?? event.actor_kind)], [words.code, code(event.action)],
    ['ID', event.actor && event.records[event.actor] ? code(event.actor) : null],
    [words.target, event.target && <RecordName id={event.target} event={event} />], [words.targetId, event.target && event.records[event.target] ? code(event.target) : null],
    [words.outcome, words.outcomes[event.outcome] ?? event.outcome], [words.reason, event.reason], [words.via, words.vias[event.via] ?? event.via], [words.address, event.address],
    [words.userAgent, event.user_agent], [words.request, event.request_id && code(event.request_id)], [words.number, event.seq], [words.hash, code(event.hash)],
  ]
  const fields = [...new Set([...event.changed, ...Object.keys(event.before), ...Object.keys(event.after)])]
  const say = (values: Record<string, unknown>, field: string) =>
    field in values ? <span className="break-words">{typeof values[field] === 'string' && event.records[values[field]] ? <RecordName id={values[field]} event={event} /> : String(values[field] ?? '–')}</span> : <span className="text-fg-3">{field in event.before || field in event.after ? '–' : words.notKept}</span>
  return (
    <Dialog open onOpenChange={onClose} kind="side" title={actionName(event.action)}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 p-4 text-xs">
        {facts.map(([name, value]) => value !== null && (
          <div key={name} className="contents"><dt className="text-fg-3">{name}</dt><dd className="break-words">{value}</dd></div>
        ))}
      </dl>
      {event.target && ID.test(event.target) && (
        <p className="border-t border-line px-4 py-3">
          <Link to="/admin/audit" search={{ target: event.target }} onClick={onClose} className="inline-flex min-h-6 items-center text-xs font-medium text-accent-text hover:underline">{words.allOfRecord}</Link>
        </p>
      )}
      {fields.length > 0 && (
        <section className="border-t border-line p-4 text-xs">
          <h3 className="mb-1 font-medium">{words.changes}</h3>
          <Table
            label={words.changes} rows={fields} keyOf={(field) => field}
            columns={[
              { id: 'field', title: words.field, cell: code },
              { id: 'before', title: words.before, cell: (field) => say(event.before, field) },
              { id: 'after', title: words.after, cell: (field) => say(event.after, field) },
            ]}
          />
        </section>
      )}
    </Dialog>
  )
}
