import { useQuery } from '@tanstack/react-query'
import { Navigate, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { meQuery } from '../../api/queries/me'
import { useCommands } from '../../app/commands'
import { NotForRole } from '../../app/Closed'
import { t } from '../../strings'
import { words } from '../../strings/pages/admin'
import { Skeleton } from '../../ui'
import { LinkTabs } from '../../ui/LinkTabs'
import { Page } from '../../ui/Page'
import { isClosed, partsFor } from './parts'

/** What runs the installation, in parts; each is offered to those who may see it. */
export function AdminPage() {
  const { data: me } = useQuery(meQuery)
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const parts = me ? partsFor(me.permissions) : []
  useCommands(parts.map(({ id, to }) => ({ id: `admin.${id}`, label: `${t.app.pages.admin}: ${words.parts[id]}`, group: 'navigate', run: () => void navigate({ to }) })))
  if (me && parts.length === 0) return <main className="h-full bg-panel"><NotForRole /></main>
  return (
    <Page title={t.app.pages.admin} wide tabs={<LinkTabs label={words.partsLabel} tabs={parts.map(({ id, to }) => ({ to, label: words.parts[id] }))} />}>
      {!me ? <Skeleton className="p-0" /> : isClosed(pathname, me.permissions) ? <NotForRole /> : <Outlet />}
    </Page>
  )
}

/** The first part that somebody may see. */
export function FirstPart() {
  const { data: me } = useQuery(meQuery)
  const first = me && partsFor(me.permissions)[0]
  return first ? <Navigate to={first.to} replace /> : null
}
