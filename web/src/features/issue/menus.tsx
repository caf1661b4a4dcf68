import { useQuery } from '@tanstack/react-query'
import { Suspense, useEffect, useState, type ReactElement } from 'react'
import { peopleQuery } from '../../api/queries/people'
import { useCommands } from '../../app/commands'
import { overlayComes } from '../../app/earlyKeys'
import { lazyPart, patiently } from '../../lib/lazyPart'
import { thread } from '../../strings/pages/thread'
import { Skeleton } from '../../ui'
import { Popover } from '../../ui/lazy'
import { useIssueActions } from '../inbox/actions'
import type List from './AssignList'
import { Moments } from './Moments'

type Props = { ids: readonly string[]; trigger: ReactElement; open?: boolean; onOpenChange?: (open: boolean) => void }

const MomentForm = lazyPart(() => import('./MomentForm'))
let AssignList: typeof List | undefined
/** Loads what stands in the menu: at once there when a key opens it, since the next keys are for it. */
export const loadAssign = () => import('./AssignList').then((module) => { AssignList = module.default })

type AssignProps = {
  ids: readonly string[]
  trigger: ReactElement
  open: boolean
  onOpenChange: (open: boolean) => void
  /** How the command for teams is called, and of what its issues are. */
  command: { id: string; group: 'issue' | 'list'; first?: boolean; label: (what: string) => string }
}

/** Who takes the issues: a person, or a team. */
export function AssignMenu({ ids, trigger, open, onOpenChange, command: { id, group, first = false, label } }: AssignProps) {
  const act = useIssueActions()
  const { data: people } = useQuery(peopleQuery)
  const [, setLoaded] = useState(false)
  const [teamsAlone, setTeamsAlone] = useState(false)
  useEffect(() => { if (!AssignList) void patiently(loadAssign).then(() => setLoaded(true)) }, [])
  const change = (next: boolean, teams = false) => {
    setTeamsAlone(teams)
    onOpenChange(next)
  }
  const openTeams = () => {
    overlayComes()
    change(true, true)
  }
  useCommands(people?.teams.length ? [{ id, label: label(thread.moveToTeam), group, first, opens: true, run: openTeams }] : [])
  return (
    <Popover title={teamsAlone ? thread.moveToTeam : thread.assign} quiet className="w-[min(18.75rem,92vw)]" trigger={trigger} open={open} onOpenChange={(next) => { if (next !== open) change(next) }}>
      {people && AssignList ? <AssignList ids={ids} act={act} people={people} teamsAlone={teamsAlone} onDone={() => change(false)} /> : <Skeleton rows={4} className="!p-1" />}
    </Popover>
  )
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
      {picking ? <Suspense><MomentForm label={thread.snoozeUntil} action={thread.snooze} onPick={pick} /></Suspense> : <Moments onPick={pick} onOther={() => setPicking(true)} />}
    </Popover>
  )
}
