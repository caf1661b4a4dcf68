import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Webhook } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../api/queries/me'
import { webhooksQuery } from '../../api/queries/webhooks'
import type { WebhookMade, WebhookOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { words } from '../../strings/pages/webhooks'
import { Button, Empty, Skeleton } from '../../ui'
import { Section } from '../../ui/Page'
import { Table, type Column } from '../../ui/Table'
import { WaysIn } from './WaysIn'
import { NewWebhook } from './WebhookForm'
import { WebhookSecret } from './WebhookSecret'
import { eventName, WebhookState } from './WebhookState'

/** How issues come in, and which programs are told what becomes of them. */
export function ChannelsPart() {
  const manages = useMay('webhooks.manage')
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<WebhookMade>()
  const add = () => setMaking(true)
  useCommands(manages ? [{ id: 'admin.newWebhook', label: words.add, group: 'page', keys: ['n'], run: add }] : [])
  return (
    <div className="max-w-[67.5rem]">
      <Section title={words.webhooks} hint={words.webhooksHint}><Webhooks onAdd={manages ? add : undefined} /></Section>
      <Section title={words.channels} hint={words.channelsHint}><WaysIn /></Section>
      {making && <NewWebhook onMade={setMade} onClose={() => setMaking(false)} />}
      {made && <WebhookSecret made={made} onClose={() => setMade(undefined)} />}
    </div>
  )
}

function Webhooks({ onAdd }: { onAdd: (() => void) | undefined }) {
  const { data: hooks, error, refetch } = useQuery(webhooksQuery)
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (!hooks) return <Skeleton className="p-0" rows={3} />
  const add = onAdd && <Button variant="primary" keys="n" onClick={onAdd}><Webhook size={13} aria-hidden />{words.add}</Button>
  if (hooks.length === 0) return <Empty icon={<Webhook size={18} />} title={words.empty} hint={words.emptyHint}>{add}</Empty>
  return (
    <>
      {add && <p className="mb-3 flex justify-end">{add}</p>}
      <Table label={words.webhooks} columns={COLUMNS} rows={hooks} keyOf={(hook) => hook.id} tall />
    </>
  )
}

const COLUMNS: Column<WebhookOut>[] = [
  {
    id: 'name', title: words.name, className: 'max-w-0 w-full',
    cell: (hook) => (
      <span className="grid min-w-0 py-1">
        <Link to="/admin/channels/$webhookId" params={{ webhookId: hook.id }} className="flex min-h-6 min-w-0 items-center rounded-sm font-medium hover:underline"><span dir="auto" className="truncate">{hook.name}</span></Link>
        <code className="truncate font-mono text-xs text-fg-3">{hook.url}</code>
      </span>
    ),
  },
  { id: 'events', title: words.events, from: 'md', cell: (hook) => <span title={hook.events.map(eventName).join(', ')} className="whitespace-nowrap">{words.eventsChosen(hook.events.length)}</span> },
  { id: 'state', title: words.state, className: 'text-right', cell: (hook) => <WebhookState hook={hook} /> },
]
