import { useQuery } from '@tanstack/react-query'
import { UserMinus } from 'lucide-react'
import type { ReactElement } from 'react'
import { peopleQuery } from '../../api/queries/people'
import { snoozeMoments, weekdayTime } from '../../lib/moments'
import { t } from '../../strings'
import { thread } from '../../strings/pages/thread'
import { Avatar } from '../../ui'
import { Menu } from '../../ui/lazy'
import type { MenuItem } from '../../ui/Menu'
import { useIssueActions } from '../inbox/actions'

type Props = { ids: readonly string[]; trigger: ReactElement; open?: boolean; onOpenChange?: (open: boolean) => void; value?: string | null }

/** Who takes the issues. */
export function AssignMenu({ ids, value, ...rest }: Props) {
  const act = useIssueActions()
  const { data: people } = useQuery(peopleQuery)
  const items: (MenuItem | 'line')[] = [
    ...(people?.data ?? []).map((person): MenuItem => ({
      id: person.value, label: person.name, ...(person.value === people?.me && { hint: t.app.you.toLowerCase(), keys: 'm' }),
      icon: <Avatar name={person.name} size={16} />, checked: value === person.value, run: () => void act.assign(ids, person.value),
    })),
    'line',
    { id: 'nobody', label: thread.unassign, icon: <UserMinus size={14} />, run: () => void act.assign(ids, null) },
  ]
  return <Menu label={thread.assign} items={items} {...rest} />
}

/** When the issues come back by themselves. */
export function SnoozeMenu({ ids, ...rest }: Props) {
  const act = useIssueActions()
  const items = snoozeMoments(new Date()).map(({ id, at }): MenuItem => ({
    id, label: thread.snoozeOptions[id], hint: weekdayTime(at), run: () => void act.snooze(ids, at),
  }))
  return <Menu label={thread.snooze} items={items} {...rest} />
}
