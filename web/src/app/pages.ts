import { linkOptions } from '@tanstack/react-router'
import { CheckCheck, Clock, Flame, Hourglass, Inbox, UserRound, UserX, type LucideIcon } from 'lucide-react'
import type { ViewName } from '../features/inbox/views'
import { t } from '../strings'

export type Page = {
  id: string
  label: string
  icon: LucideIcon
  /** Keys that go there: `g` and a letter. */
  keys: string
  link: { to: string; params?: Record<string, string>; search?: Record<string, unknown> }
  /** For a view of the inbox: whose number stands behind the label. */
  view?: ViewName
}

const view = (name: ViewName, icon: LucideIcon, keys: string): Page => ({
  id: `go.${name}`, label: t.inbox.views[name], icon, keys, view: name, link: linkOptions({ to: '/inbox/$view', params: { view: name }, search: {} }),
})

/** The main navigation in its order. A new page is a line here and a route in routes.tsx. */
export const pages = (): { title?: string; items: Page[] }[] => [
  {
    items: [
      view('mine', UserRound, 'g m'),
      view('unassigned', UserX, 'g u'),
      view('all', Inbox, 'g a'),
      view('critical', Flame, 'g c'),
      view('waiting', Hourglass, 'g w'),
      view('snoozed', Clock, 'g h'),
      view('resolved', CheckCheck, 'g r'),
    ],
  },
]
