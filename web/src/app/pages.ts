import { useQuery } from '@tanstack/react-query'
import { linkOptions } from '@tanstack/react-router'
import { AtSign, BookOpen, ChartNoAxesColumn, CheckCheck, CircleUserRound, Clock, FileText, Flame, Hourglass, Inbox, Search, Settings, SquareKanban, Timer, UserRound, UserX, UsersRound, type LucideIcon } from 'lucide-react'
import { meQuery, type Permission } from '../api/queries/me'
import type { ViewName } from '../features/inbox/views'
import { t } from '../strings'

export type Page = {
  id: string
  label: string
  icon: LucideIcon
  /** Keys that go there: `g` and a letter. */
  keys: string
  link: { to: string; params?: Record<string, string>; search?: Record<string, unknown> }
  /** What one must be allowed to, to open it; without it, everybody may. */
  needs?: Permission
  /** For a view of the inbox: whose number stands behind the label. */
  view?: ViewName
}

const view = (name: ViewName, icon: LucideIcon, keys: string): Page => ({
  id: `go.${name}`, label: t.inbox.views[name], icon, keys, view: name, link: linkOptions({ to: '/inbox/$view', params: { view: name }, search: {} }),
})

/** Oneself: the link at the foot of the navigation. */
export const accountPage = (): Page => ({
  id: 'go.account', label: t.app.pages.account, icon: CircleUserRound, keys: 'g p', link: linkOptions({ to: '/account' }),
})

/** The main navigation in its order, of what the person who works here may open. */
export function usePages(): { title?: string; items: Page[] }[] {
  const { data: me } = useQuery(meQuery)
  return pages()
    .map((section) => ({ ...section, items: section.items.filter(({ needs }) => !needs || me?.permissions.includes(needs)) }))
    .filter((section) => section.items.length)
}

/** A new page is a line here and a route in routes.tsx. */
const pages = (): { title?: string; items: Page[] }[] => [
  {
    items: [
      view('mine', UserRound, 'g m'),
      view('unassigned', UserX, 'g u'),
      view('all', Inbox, 'g a'),
      view('mentions', AtSign, 'g i'),
      view('critical', Flame, 'g c'),
      view('due', Timer, 'g d'),
      view('waiting', Hourglass, 'g w'),
      view('snoozed', Clock, 'g h'),
      view('resolved', CheckCheck, 'g r'),
    ],
  },
  {
    title: t.app.desk,
    items: [
      { id: 'go.board', label: t.app.pages.board, icon: SquareKanban, keys: 'g b', link: linkOptions({ to: '/critical' }) },
      { id: 'go.customers', label: t.app.pages.customers, icon: UsersRound, keys: 'g o', needs: 'customers.read', link: linkOptions({ to: '/customers' }) },
      { id: 'go.knowledge', label: t.app.pages.knowledge, icon: BookOpen, keys: 'g k', needs: 'knowledge.read', link: linkOptions({ to: '/knowledge' }) },
      { id: 'go.search', label: t.app.pages.search, icon: Search, keys: 'g f', needs: 'search.use', link: linkOptions({ to: '/search' }) },
      { id: 'go.templates', label: t.app.pages.templates, icon: FileText, keys: 'g t', needs: 'templates.read', link: linkOptions({ to: '/templates' }) },
      { id: 'go.analytics', label: t.app.pages.analytics, icon: ChartNoAxesColumn, keys: 'g n', needs: 'reports.read', link: linkOptions({ to: '/analytics' }) },
      { id: 'go.admin', label: t.app.pages.admin, icon: Settings, keys: 'g s', needs: 'keys.read', link: linkOptions({ to: '/admin' }) },
    ],
  },
]
