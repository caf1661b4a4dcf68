import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { meQuery, useMay } from '../../api/queries/me'
import { usersQuery } from '../../api/queries/admin'
import type { UserOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { relative } from '../../lib/moments'
import { dateTime } from '../../lib/time'
import { words } from '../../strings/pages/admin'
import { Avatar, Badge, Button, Skeleton } from '../../ui'
import { Table, type Column } from '../../ui/Table'
import { EditUser } from './EditUser'
import { InviteUser } from './InviteUser'
import { TeamsSection } from './TeamsSection'

/** Who works here: invited, edited, let in and out. */
export function UsersPart() {
  const { data: page, error, refetch } = useQuery(usersQuery)
  const { data: me } = useQuery(meQuery)
  const [open, setOpen] = useState<'invite' | string>()
  const manages = useMay('users.manage')
  useCommands(manages ? [{ id: 'admin.invite', label: words.inviteTitle, group: 'page', keys: ['i'], run: () => setOpen('invite') }] : [])
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (!page) return <Skeleton className="p-0" />
  const edited = page.data.find((user) => user.id === open)
  return (
    <>
      <div className="mb-3 flex items-center gap-2">
        <h2 className="text-xs text-fg-3" data-number>{words.people(page.data.length)}</h2>
        {manages && <Button className="ml-auto" variant="primary" keys="i" onClick={() => setOpen('invite')}><UserPlus size={13} aria-hidden />{words.invite}</Button>}
      </div>
      <Table label={words.parts.users} columns={columns(manages ? setOpen : undefined)} rows={page.data} keyOf={(user) => user.id} tall />
      {page.next_cursor && <p className="mt-3 text-xs text-fg-3">{words.more(page.data.length)}</p>}
      <TeamsSection users={page.data} />
      {open === 'invite' && <InviteUser onClose={() => setOpen(undefined)} />}
      {edited && <EditUser key={edited.id} user={edited} isMe={edited.id === me?.id} onClose={() => setOpen(undefined)} />}
    </>
  )
}

const columns = (onOpen: ((id: string) => void) | undefined): Column<UserOut>[] => [
  { id: 'name', title: words.name, cell: (user) => <Person user={user} onOpen={onOpen} /> },
  { id: 'role', title: words.role, from: 'md', cell: (user) => words.roles[user.role] },
  { id: 'factor', title: words.factor, from: 'lg', cell: (user) => user.standing && <span className={user.standing.has_second_factor ? 'text-ok' : 'text-fg-3'}>{user.standing.has_second_factor ? words.factorOn : words.factorOff}</span> },
  { id: 'seen', title: words.lastSignIn, from: 'md', cell: (user) => user.standing && <When iso={user.standing.last_signed_in_at} /> },
  { id: 'state', title: words.state, className: 'text-right', cell: (user) => <State user={user} /> },
]

function Person({ user, onOpen }: { user: UserOut; onOpen: ((id: string) => void) | undefined }) {
  const name = <span dir="auto" className="truncate font-medium">{user.name}</span>
  return (
    <span className="flex items-center gap-2.5">
      <Avatar name={user.name} size={28} />
      <span className="grid min-w-0">
        {onOpen ? <button type="button" aria-label={words.edit(user.name)} onClick={() => onOpen(user.id)} className="flex min-h-6 min-w-0 items-center rounded-sm text-left hover:underline">{name}</button> : name}
        <span className="truncate text-xs text-fg-3">{user.email}<span className="md:hidden">{user.email && ' · '}{words.roles[user.role]}</span></span>
      </span>
    </span>
  )
}

export function When({ iso }: { iso: string | null }) {
  if (!iso) return <span className="text-fg-3">{words.never}</span>
  return <time dateTime={iso} title={dateTime(iso)} className="whitespace-nowrap text-fg-2">{relative(iso)}</time>
}

function State({ user }: { user: UserOut }) {
  if (user.disabled) return <Badge tone="critical">{words.disabled}</Badge>
  const waits = user.standing && !user.standing.has_password && !user.standing.by_provider && !user.standing.last_signed_in_at
  return waits ? <Badge tone="medium">{words.notYet}</Badge> : <Badge tone="ok">{words.active}</Badge>
}
