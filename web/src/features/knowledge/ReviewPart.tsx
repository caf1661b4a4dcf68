import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CheckCheck } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { proposalsQuery } from '../../api/queries/proposals'
import type { ProposalOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { said } from '../../lib/reasons'
import { topicName } from '../../lib/names'
import { percent } from '../../lib/text'
import { shortAge } from '../../lib/time'
import { words } from '../../strings/pages/knowledge'
import { Badge, Empty, Skeleton, cx } from '../../ui'
import { useUnsaved } from '../../ui/useUnsaved'
import { Decision, type Edit } from './Decision'
import { Marked } from './TakenOut'

/** What Copilot would add or change, one after the other: read, set right, decide. */
export function ReviewPart() {
  const { data, error, isPending, refetch } = useQuery(proposalsQuery)
  const [chosen, setChosen] = useState<string>()
  // By proposal: going to another one and back loses nothing.
  const [edits, setEdits] = useState<Readonly<Record<string, Edit>>>({})
  const proposals = data?.data ?? []
  const at = Math.max(0, proposals.findIndex((one) => one.id === chosen))
  const step = (by: number) => setChosen(proposals[Math.max(0, Math.min(proposals.length - 1, at + by))]?.id)
  useCommands([
    { id: 'knowledge.next', label: words.nextProposal, group: 'page', keys: ['j'], keysOnly: true, run: () => step(1) },
    { id: 'knowledge.previous', label: words.previousProposal, group: 'page', keys: ['k'], keysOnly: true, run: () => step(-1) },
  ])
  const heading = useRef<HTMLHeadingElement>(null)
  const follows = useRef(false)
  const shownId = proposals[at]?.id
  // The button that was pressed is gone with its proposal: the focus goes on to the next one.
  useEffect(() => {
    if (follows.current) heading.current?.focus()
    follows.current = false
  }, [shownId])
  const unsaved = useUnsaved(proposals.some((one) => isChanged(one, edits[one.id])))
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton rows={10} className="p-0" />
  const shown = proposals[at]
  if (!shown) return <Empty icon={<CheckCheck size={18} />} title={words.reviewNone} hint={words.reviewNoneHint} />
  return (
    <div className="grid gap-6 lg:grid-cols-[17.5rem_minmax(0,1fr)]">
      <nav aria-label={words.queue}>
        <p data-number className="mb-1 text-xs text-fg-3">{words.waiting(proposals.length, data.next_cursor !== null)}</p>
        <ul className="space-y-0.5">{proposals.map((one) => <Row key={one.id} proposal={one} active={one === shown} changed={isChanged(one, edits[one.id])} onChoose={() => setChosen(one.id)} />)}</ul>
      </nav>
      <section aria-label={shown.title} className="min-w-0">
        <h2 ref={heading} tabIndex={-1} dir="auto" className="text-lg font-semibold"><Marked text={edits[shown.id]?.title ?? shown.title} /></h2>
        <p className="mt-1 flex flex-wrap items-center gap-2 text-xs text-fg-3">
          <Badge tone={shown.kind === 'new' ? 'ok' : 'accent'}>{words.kinds[shown.kind]}</Badge>
          {shown.category && <Badge>{topicName(shown.category)}</Badge>}
          {shown.likeness !== null && <span data-number>{words.likeness(percent(shown.likeness))}</span>}
          <Link to="/inbox/$view/$issueId" params={{ view: 'all', issueId: shown.issue_id }} className="inline-flex min-h-6 items-center text-accent-text hover:underline">{words.fromIssue}</Link>
        </p>
        <p className="mt-3 rounded-lg bg-accent-soft px-3 py-2 text-xs"><b className="font-medium text-accent-text">{words.why}:</b> {said(shown.reason, shown.reason_code)}</p>
        {shown.engine && <p className="mt-2 text-xs text-fg-3">{shown.engine.startsWith('extractive') ? words.writtenWithout : <>{words.writtenBy(shown.engine)}{shown.engine_note && ` ${shown.engine_note}`}</>}</p>}
        <Decision
          key={shown.id} proposal={shown} edit={edits[shown.id]}
          onEdit={(change) => setEdits((all) => ({ ...all, [shown.id]: { ...all[shown.id], ...change } }))}
          onDone={() => {
            // Words that were written over it stay, should the decision be taken back.
            setChosen((latest) => (latest && latest !== shown.id ? latest : proposals[at + 1]?.id ?? proposals[at - 1]?.id))
            follows.current = true
          }}
          onBack={({ id }) => setChosen(id)}
        />
      </section>
      {unsaved}
    </div>
  )
}

/** Whether something was written over a proposal that would be lost. */
const isChanged = (proposal: ProposalOut, edit: Edit = {}): boolean =>
  (edit.title ?? proposal.title) !== proposal.title || (edit.body ?? proposal.body) !== proposal.body || Boolean(edit.reason?.trim())

function Row({ proposal, active, changed, onChoose }: { proposal: ProposalOut; active: boolean; changed: boolean; onChoose: () => void }) {
  return (
    <li>
      <button type="button" aria-current={active ? 'true' : undefined} onClick={onChoose} className={cx('block w-full rounded-lg px-2.5 py-2 text-left -outline-offset-2 forced-colors:aria-[current]:outline-2', active ? 'bg-selected' : 'hover:bg-hover')}>
        <span dir="auto" className="line-clamp-2 font-medium">{proposal.title}</span>
        <span className="flex gap-2 text-xs text-fg-3">{words.kinds[proposal.kind]}{changed && <span className="text-medium">{words.edited}</span>}<time dateTime={proposal.created_at} className="ml-auto">{shortAge(proposal.created_at)}</time></span>
      </button>
    </li>
  )
}
