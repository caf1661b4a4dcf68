import { Link, linkOptions } from '@tanstack/react-router'
import type { AuditEventOut, NamedRecordOut } from '../../api/schema'
import { words } from '../../strings/pages/audit'

/** The page of a record, where it has one. */
function pageOf({ kind, id }: NamedRecordOut) {
  switch (kind) {
    case 'issue': return linkOptions({ to: '/inbox/$view/$issueId', params: { view: 'all', issueId: id } })
    case 'customer': return linkOptions({ to: '/customers/$customerId', params: { customerId: id } })
    case 'article': return linkOptions({ to: '/knowledge/articles/$articleId', params: { articleId: id } })
    case 'template': return linkOptions({ to: '/templates/$templateId', params: { templateId: id } })
    case 'webhook': return linkOptions({ to: '/admin/channels/$webhookId', params: { webhookId: id } })
    default: return undefined
  }
}

/** A record by its name, which leads to it; a kind of records in words; else the id. */
export function RecordName({ id, event }: { id: string; event: AuditEventOut }) {
  const record = event.records[id]
  const page = record && pageOf(record)
  if (!record) return words.kinds[id] ? <span className="text-fg-2">{words.kinds[id]}</span> : <code className="font-mono text-xs break-all text-fg-2">{id}</code>
  const name = record.name || words.kinds[record.kind]
  if (!page) return <span dir="auto" className="text-fg-2">{name}</span>
  return <Link {...page} dir="auto" title={name} className="inline-flex min-h-6 max-w-full items-center text-fg-2 hover:underline"><span className="truncate">{name}</span></Link>
}
