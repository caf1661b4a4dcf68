import { useQuery } from '@tanstack/react-query'
import { UserMinus } from 'lucide-react'
import { useState, type ReactElement } from 'react'
import { peopleQuery } from '../../api/queries/people'
import { fieldMoment, isAhead, snoozeMoments } from '../../lib/moments'
import { t } from '../../strings'
import { thread } from '../../strings/pages/thread'
import { Avatar, Button } from '../../ui'
import { Menu, Popover } from '../../ui/lazy'
import type { MenuItem } from '../../ui/Menu'
import { useIssueActions } from '../inbox/actions'
import { Moments } from './Moments'

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

/** When the issues come back by themselves: at one of the usual moments, at one said in words, or at one picked. */
export function SnoozeMenu({ ids, ...rest }: Props) {
  const act = useIssueActions()
  const [picking, setPicking] = useState(false)
  const onOpenChange = (open: boolean) => {
    setPicking(false)
    rest.onOpenChange?.(open)
  }
  const pick = (at: Date) => {
    onOpenChange(false)
    void act.snooze(ids, at)
  }
  return (
    <Popover title={thread.snooze} quiet align="end" className="w-[min(17.5rem,92vw)]" {...rest} onOpenChange={onOpenChange}>
      {picking ? <MomentForm onPick={pick} /> : <Moments onPick={pick} onOther={() => setPicking(true)} />}
    </Popover>
  )
}

function MomentForm({ onPick }: { onPick: (at: Date) => void }) {
  const [text, setText] = useState(() => fieldMoment(snoozeMoments(new Date()).find(({ id }) => id === 'tomorrow')?.at ?? new Date()))
  const at = new Date(text)
  const ahead = !Number.isNaN(at.getTime()) && isAhead(at.toISOString())
  return (
    <form className="flex flex-wrap justify-end gap-2" onSubmit={(event) => { event.preventDefault(); if (ahead) onPick(at) }}>
      <input
        type="datetime-local" required aria-label={thread.snoozeUntil} value={text} min={fieldMoment(new Date())} onChange={(event) => setText(event.target.value)}
        className="h-8 min-w-0 basis-full rounded-md border border-line-strong bg-panel px-2 text-sm pointer-coarse:h-11"
      />
      <Button type="submit" variant="primary" large disabled={!ahead}>{thread.snooze}</Button>
    </form>
  )
}
