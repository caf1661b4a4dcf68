import { useQueryClient } from '@tanstack/react-query'
import { Check, UserMinus, UsersRound } from 'lucide-react'
import type { ReactElement } from 'react'
import { issueKeys, listedIssue, type Issue } from '../../api/queries/issues'
import type { AssigneeOut, AssigneesOut, TakingTeam } from '../../api/schema'
import { words } from '../../strings/pages/teams'
import { Avatar } from '../../ui'
import type { useIssueActions } from '../inbox/actions'
import { Finder, type Option } from './Finder'

const NOBODY = 'nobody'
const NO_TEAM = 'no-team'

/** Whether somebody sees issues of this team, or of none. */
const takes = ({ team_ids: own }: AssigneeOut, team: string | null): boolean => own === null || team === null || own.includes(team)

type Props = {
  ids: readonly string[]
  people: AssigneesOut
  teamsAlone: boolean
  onDone: () => void
  /** How it is done, from whoever has it already. */
  act: Pick<ReturnType<typeof useIssueActions>, 'change' | 'assign'>
}

/** Who takes the issues: a person who can work on all of them, or a team, where there are some. */
export default function AssignList({ ids, act, people: { me, data: all, teams }, teamsAlone, onDone }: Props) {
  const client = useQueryClient()
  const issues = ids.flatMap((id) => client.getQueryData<Issue>(issueKeys.one(id)) ?? listedIssue(client, id) ?? [])
  const only = issues.length === 1 ? issues[0] : undefined
  const able = all.filter((person) => issues.every((issue) => takes(person, issue.team_id))).sort((a, b) => Number(b.value === me) - Number(a.value === me))
  const move = (team: TakingTeam | undefined) => {
    const to = team?.id ?? null
    // Who does not see it there gives it up; taken back, they have it again.
    const loses = (issue: Issue) => all.some((person) => person.value === issue.assignee && !takes(person, to))
    const said = !team ? words.takenOut : (team.seen ? words.moved : words.movedAway)(team.name)
    void act.change(ids, (issue) => ({ team_id: to, ...(loses(issue) && { assignee: null }) }), said, !team || team.seen)
  }
  const choose = (id: string) => {
    onDone()
    const team = teams.find((one) => one.id === id)
    if (team || id === NO_TEAM) move(team)
    else void act.assign(ids, id === NOBODY ? null : id)
  }
  const options: Option[] = [
    ...(teamsAlone ? [] : [
      ...able.map((person) => personOption(person, person.value === me, only?.assignee === person.value)),
      ...(issues.some((issue) => issue.assignee) ? [{ id: NOBODY, title: words.unassign, words: '', detail: null, icon: <UserMinus size={14} aria-hidden /> }] : []),
    ].map((option) => ({ ...option, section: teams.length ? words.people : undefined }))),
    ...teams.map((team) => ({ ...teamOption(team, only?.team_id === team.id), section: words.teams })),
    ...(issues.some((issue) => issue.team_id) ? [{ id: NO_TEAM, title: words.takeOut, words: '', detail: null, section: words.teams, icon: <UsersRound size={14} aria-hidden /> }] : []),
  ]
  const [hint, none] = teamsAlone ? [words.findTeam, words.noTeamFound] : [teams.length ? words.findEither : words.find, words.none]
  return <Finder id="assign" label={words.assign} hint={hint} none={none} options={options} onChoose={choose} />
}

const mark = (icon: ReactElement, chosen: boolean) => <>{icon}{chosen && <Check size={13} aria-hidden className="order-last ml-auto shrink-0" />}</>

const personOption = ({ value, name }: AssigneeOut, isMe: boolean, chosen: boolean): Option => ({
  id: value, title: isMe ? words.you(name) : name, words: '', detail: null, chosen, icon: mark(<Avatar name={name} size={16} />, chosen),
})

const teamOption = ({ id, name, seen }: TakingTeam, chosen: boolean): Option => ({
  id, title: name, words: '', detail: seen ? null : words.unseen, chosen, icon: mark(<UsersRound size={14} aria-hidden className="shrink-0 text-fg-3" />, chosen),
})
