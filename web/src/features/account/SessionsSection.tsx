import { useQuery } from '@tanstack/react-query'
import { sessionsQuery, useEndSession } from '../../api/queries/account'
import type { SessionOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { failed, toast } from '../../app/toasts'
import { relative } from '../../lib/moments'
import { dateTime } from '../../lib/time'
import { readUserAgent } from '../../lib/userAgent'
import { words } from '../../strings/pages/account'
import { Badge, Button, Skeleton } from '../../ui'
import { Section } from '../../ui/Page'
import { Table, type Column } from '../../ui/Table'

export function deviceName(userAgent: string | null): string {
  const { program, system } = readUserAgent(userAgent)
  return system ? words.on(program, system) : program || words.unknownDevice
}

/** Where one is signed in, and how to end it. */
export function SessionsSection() {
  const { data: sessions, error, refetch } = useQuery(sessionsQuery)
  const end = useEndSession()
  const endOne = (session: SessionOut) => end.mutate(session.id, { onSuccess: () => toast({ title: words.ended }), onError: failed })
  const endOthers = () => end.mutate(undefined, { onSuccess: () => toast({ title: words.endedOthers }), onError: failed })
  const others = (sessions?.length ?? 0) > 1
  useCommands(others ? [{ id: 'account.endOthers', label: words.endOthers, group: 'page', run: endOthers }] : [])
  const columns: Column<SessionOut>[] = [
    {
      id: 'device', title: words.device,
      cell: (session) => (
        <>
          <span className="flex flex-wrap items-center gap-x-2 font-medium">{deviceName(session.user_agent)}{session.current && <Badge tone="ok">{words.thisOne}</Badge>}</span>
          <span className="block text-xs text-fg-3 md:hidden">{[session.address, relative(session.last_seen_at)].filter(Boolean).join(' · ')}</span>
        </>
      ),
    },
    { id: 'address', title: words.where, from: 'md', cell: (session) => <span className="text-fg-2 tabular-nums">{session.address}</span> },
    { id: 'seen', title: words.lastSeen, from: 'md', cell: (session) => <time className="text-fg-2" dateTime={session.last_seen_at} title={dateTime(session.last_seen_at)}>{relative(session.last_seen_at)}</time> },
    {
      id: 'end', title: words.actions, quiet: true, className: 'text-right',
      cell: (session) => !session.current && <Button aria-label={words.endOf(deviceName(session.user_agent))} onClick={() => endOne(session)}>{words.end}</Button>,
    },
  ]
  return (
    <Section title={words.sessions} hint={words.sessionsHint}>
      {error ? <ErrorView error={error} onRetry={() => void refetch()} /> : sessions ? (
        <>
          <Table label={words.sessions} columns={columns} rows={sessions} keyOf={(session) => session.id} tall />
          {others && <Button className="mt-3" onClick={endOthers}>{words.endOthers}</Button>}
        </>
      ) : <Skeleton rows={3} className="p-0" />}
    </Section>
  )
}
