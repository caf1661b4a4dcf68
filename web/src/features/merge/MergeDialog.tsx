import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { Issue } from '../../api/queries/issues'
import { mergeTargetsQuery } from '../../api/queries/merge'
import { isAhead, relative, weekdayTime } from '../../lib/moments'
import { t } from '../../strings'
import { merge as words } from '../../strings/pages/merge'
import { words as teams } from '../../strings/pages/teams'
import { Badge, Button, Severity } from '../../ui'
import Dialog from '../../ui/Dialog'
import { Finder, type Option } from '../issue/Finder'
import { useMerge } from './useMerge'

type Props = { issues: readonly Issue[]; onClose: () => void; onDone?: () => void }

/** Chooses the issue that goes on: for one issue among the others of its customer, for several among themselves. */
export default function MergeDialog({ issues, onClose, onDone }: Props) {
  const many = issues.length > 1
  const { merge } = useMerge()
  const merged = many ? undefined : issues[0]?.merged_into
  const choose = (into: Issue) => {
    if (merged) return
    onClose()
    merge(issues.map((issue) => issue.id).filter((id) => id !== into.id), into, onDone)
  }
  const apart = new Set(issues.map((issue) => issue.customer?.id)).size > 1
  return (
    <Dialog open onOpenChange={onClose} title={many ? words.titleMany(issues.length) : words.title} hint={many ? words.hintMany : words.hint} className="max-h-[84vh]">
      <div className="p-4">
        {merged && <p role="alert" className="mb-3 text-sm text-critical">{words.meanwhile(merged.key)}</p>}
        {apart && <p role="alert" className="text-sm text-critical">{words.others}</p>}
        {!apart && issues[0] && (many ? <AmongSelected issues={issues} onChoose={choose} /> : <AmongOthers issue={issues[0]} onChoose={choose} />)}
      </div>
    </Dialog>
  )
}

type Choosing = { onChoose: (into: Issue) => void }

function AmongSelected({ issues, onChoose }: Choosing & { issues: readonly Issue[] }) {
  const byAge = [...issues].sort((a, b) => a.created_at.localeCompare(b.created_at))
  const options = byAge.map((issue, index) => optionOf(issue, index === 0 && issues.length > 1 ? words.oldest : undefined))
  return <Choice from={issues} issues={byAge} options={options} hint={words.searchMany} onChoose={onChoose} />
}

function AmongOthers({ issue, onChoose }: Choosing & { issue: Issue }) {
  const [typed, setTyped] = useState('')
  const { data: targets } = useQuery(mergeTargetsQuery(issue.id, useDeferredValue(typed.trim())))
  const options = targets?.map((target) => optionOf(target.issue, target.likely ? words.likely : undefined))
  return <Choice from={[issue]} issues={targets?.map((target) => target.issue) ?? []} options={options} hint={words.search} onChoose={onChoose} onWords={setTyped} />
}

type ChoiceProps = Choosing & { from: readonly Issue[]; issues: readonly Issue[]; options: readonly Option[] | undefined; hint: string; onWords?: (words: string) => void }

/** The line to search in, what fits, and of the one in hand what it is and what becomes of it. */
function Choice({ from, issues, options, hint, onChoose, onWords }: ChoiceProps) {
  const [inHand, setInHand] = useState<string>()
  const find = (id: string | undefined) => issues.find((issue) => issue.id === id)
  const target = find(inHand)
  const choose = (id: string) => {
    const into = find(id)
    if (into) onChoose(into)
  }
  return (
    <>
      <Finder id="merge" label={words.options} hint={hint} none={words.none} options={options} onChoose={choose} onWords={onWords} onInHand={setInHand} pick={false} />
      {target && <Preview issue={target} />}
      {target && <Teams from={from} into={target} />}
      <div className="mt-3 flex justify-end"><Button variant="primary" disabled={!target} onClick={() => target && onChoose(target)}>{words.submit}</Button></div>
    </>
  )
}

/** Of which teams they are, where that is not one: the one that goes on decides. */
function Teams({ from, into }: { from: readonly Issue[]; into: Issue }) {
  const others = [...new Map(from.filter((issue) => issue.team_id !== into.team_id).map((issue) => [issue.team_id, issue.team_name])).values()]
  if (!others.length) return null
  const named = others.filter((name) => name !== null).map(teams.apartTeam)
  const goesTo = into.team_name === null ? teams.apartFree : teams.apart(teams.apartTeam(into.team_name))
  return <p role="status" className="mt-3 rounded-lg border border-line bg-medium-soft px-3 py-2 text-xs text-medium">{goesTo}{into.team_id !== null && named.length > 0 && ` ${teams.loses(named.join(', '))}`}</p>
}

function Preview({ issue }: { issue: Issue }) {
  const ended = issue.status === 'resolved' || issue.status === 'closed'
  return (
    <section aria-label={words.into} className="mt-3 rounded-lg border border-line bg-panel px-3 py-2">
      <h3 className="text-xs font-medium text-fg-3">{words.into}</h3>
      <p className="mt-1 flex flex-wrap items-center gap-x-2"><span data-number className="text-xs text-fg-3">{issue.key}</span><span dir="auto" className="min-w-0 font-medium break-words">{issue.subject || t.inbox.noSubject}</span></p>
      <p className="mt-1 flex flex-wrap items-center gap-x-2 text-xs text-fg-3">
        <Severity value={issue.severity} /><Badge tone={ended ? 'ok' : 'low'}>{t.issue.status[issue.status]}</Badge>
        <span>{words.opened(relative(issue.created_at))}</span><span>{words.messages(issue.message_count)}</span>
      </p>
      <p dir="auto" className="mt-1 line-clamp-2 text-xs break-words text-fg-2">{issue.last_message?.excerpt ?? words.noMessage}</p>
      {ended && <p className="mt-1 text-xs text-fg-2">{words.stays(t.issue.status[issue.status])}</p>}
      {isAhead(issue.snoozed_until) && issue.snoozed_until && <p className="mt-1 text-xs text-fg-2">{words.staysSnoozed(weekdayTime(new Date(issue.snoozed_until)))}</p>}
    </section>
  )
}

/** Found by its subject, its key and its id. */
const optionOf = (issue: Issue, note: string | undefined): Option => ({
  id: issue.id, title: issue.subject || t.inbox.noSubject, words: `${issue.key} ${issue.id}`,
  detail: [note, issue.key, t.issue.status[issue.status], relative(issue.created_at)].filter(Boolean).join(' · '),
})
