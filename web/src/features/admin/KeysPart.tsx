import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../api/queries/me'
import { keysQuery, useKeys } from '../../api/queries/admin'
import type { KeyMade, KeyOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { toast } from '../../app/toasts'
import { isAhead } from '../../lib/moments'
import { words } from '../../strings/pages/admin'
import { Badge, Button, Empty, Skeleton } from '../../ui'
import { CheckRow } from '../../ui/CheckRow'
import { Confirm } from '../../ui/Confirm'
import { TextField } from '../../ui/Field'
import { Table, type Column } from '../../ui/Table'
import { MadeKey } from './MadeKey'
import { NewKey } from './NewKey'
import { When } from './UsersPart'

type Asking = { what: 'rotate' | 'revoke'; key: KeyOut }

/** Keys of programs: made with their scopes, shown once, rotated with an overlap, revoked at once. */
export function KeysPart() {
  const { data: page, error, refetch } = useQuery(keysQuery)
  const { rotate, revoke } = useKeys()
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<KeyMade>()
  const [asking, setAsking] = useState<Asking>()
  const [all, setAll] = useState(false)
  const manages = useMay('keys.manage')
  useCommands(manages ? [{ id: 'admin.newKey', label: words.keyNewTitle, group: 'page', keys: ['n'], run: () => setMaking(true) }] : [])
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (!page) return <Skeleton className="p-0" />
  const rows = page.data.filter((key) => all || !key.revoked_at)
  const gone = page.data.some((key) => key.revoked_at)
  const add = manages && <Button variant="primary" keys="n" onClick={() => setMaking(true)}><KeyRound size={13} aria-hidden />{words.keyNew}</Button>
  return (
    <>
      <div className="mb-3 flex min-h-8 items-center gap-4">
        {gone && <CheckRow label={words.showRevoked} checked={all} onChange={() => setAll(!all)} />}
        {rows.length > 0 && <span className="ml-auto">{add}</span>}
      </div>
      {rows.length > 0
        ? <Table label={words.parts.keys} columns={columns(manages ? setAsking : undefined)} rows={rows} keyOf={(key) => key.id} tall />
        : <Empty icon={<KeyRound size={18} />} title={words.keysEmpty} hint={words.keysEmptyHint}>{add}</Empty>}
      {making && <NewKey onClose={() => setMaking(false)} />}
      {made && <MadeKey made={made} onClose={() => setMade(undefined)} />}
      {asking?.what === 'rotate' && (
        <Confirm
          title={words.rotateOf(asking.key.name)} action={words.rotate} onClose={() => setAsking(undefined)}
          onConfirm={(form) => rotate.mutateAsync({ id: asking.key.id, hours: Number(form.get('hours')) }).then(setMade)}
        >
          <p>{words.rotateHint}</p>
          <TextField label={words.overlap} name="hours" type="number" min={0} max={720} defaultValue={24} required />
        </Confirm>
      )}
      {asking?.what === 'revoke' && (
        <Confirm
          title={words.revokeOf(asking.key.name)} action={words.revoke} danger onClose={() => setAsking(undefined)}
          onConfirm={() => revoke.mutateAsync(asking.key.id).then(() => toast({ title: words.keyRevoked }))}
        >
          <p>{words.revokeHint}</p>
        </Confirm>
      )}
    </>
  )
}

const columns = (onAsk: ((asking: Asking) => void) | undefined): Column<KeyOut>[] => [
  {
    id: 'name', title: words.name,
    cell: (key) => (
      <span className="grid min-w-0">
        <span className="flex items-center gap-2"><span dir="auto" className="truncate font-medium">{key.name}</span><KeyState apiKey={key} /></span>
        <code className="truncate font-mono text-xs text-fg-3">{key.hint}…</code>
        <span className="text-xs text-fg-3 md:hidden">{words.roles[key.role]} · {key.scopes ? words.scopesCount(key.scopes.length) : words.scopesAll}</span>
        <span className="text-xs text-fg-3 lg:hidden">{words.lastUsed}: <When iso={key.last_used_at} /></span>
      </span>
    ),
  },
  { id: 'role', title: words.role, from: 'md', cell: (key) => words.roles[key.role] },
  { id: 'scopes', title: words.scopes, from: 'md', cell: (key) => (key.scopes ? <span title={key.scopes.join(', ')}>{words.scopesCount(key.scopes.length)}</span> : <span className="text-fg-3">{words.scopesAll}</span>) },
  { id: 'used', title: words.lastUsed, from: 'lg', cell: (key) => <When iso={key.last_used_at} /> },
  { id: 'expires', title: words.expires, from: 'lg', cell: (key) => <When iso={key.expires_at} /> },
  {
    id: 'actions', title: words.actions, quiet: true, className: 'text-right',
    cell: (key) => onAsk && !key.revoked_at && (
      <span className="inline-flex flex-wrap justify-end gap-1.5">
        <Button aria-label={words.rotateOf(key.name)} onClick={() => onAsk({ what: 'rotate', key })}>{words.rotate}</Button>
        <Button variant="danger" aria-label={words.revokeOf(key.name)} onClick={() => onAsk({ what: 'revoke', key })}>{words.revoke}</Button>
      </span>
    ),
  },
]

function KeyState({ apiKey }: { apiKey: KeyOut }) {
  if (apiKey.revoked_at) return <Badge tone="critical">{words.revoked}</Badge>
  return apiKey.expires_at && !isAhead(apiKey.expires_at) ? <Badge tone="medium">{words.expired}</Badge> : null
}
