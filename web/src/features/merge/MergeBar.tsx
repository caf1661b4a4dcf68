import { Link } from '@tanstack/react-router'
import { Merge } from 'lucide-react'
import type { Issue } from '../../api/queries/issues'
import { useMay } from '../../api/queries/me'
import { useCommands } from '../../app/commands'
import { inboxRoute } from '../../routes'
import { t } from '../../strings'
import { merge as words } from '../../strings/pages/merge'
import { Button } from '../../ui'
import { focusConversation } from '../issue/jump'
import { useMerge } from './useMerge'

type Ref = Issue['merged'][number]
const BAR = 'flex min-h-8 shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line bg-accent-soft px-3 py-1 text-xs text-fg-2 sm:px-4'

/** On the page of an issue: which one it is merged into, or which were merged into it. */
export default function MergeBar({ issue }: { issue: Issue }) {
  if (issue.merged_into) return <Merged issue={issue} into={issue.merged_into} />
  return issue.merged.length > 0 && <Holding issue={issue} />
}

function Merged({ issue, into }: { issue: Issue; into: Ref }) {
  const { takeOut } = useMerge()
  const edits = useMay('issues.edit')
  const run = () => takeOut(issue, into)
  useCommands(edits ? [{ id: 'issue.unmerge', label: words.takeOut, group: 'issue', run }] : [])
  return (
    <div className={BAR}>
      <Merge size={14} aria-hidden className="shrink-0" />
      <span>{words.bannerInto}</span><To other={into} />
      <span>{words.bannerHint}</span>
      {edits && <Button onClick={run} className="ml-auto">{words.takeOut}</Button>}
    </div>
  )
}

function Holding({ issue }: { issue: Issue }) {
  const { takeOut } = useMerge()
  const edits = useMay('issues.edit')
  useCommands(edits ? issue.merged.map((one) => ({ id: `issue.unmerge.${one.id}`, label: words.takeOutOf(one.key), group: 'issue' as const, run: () => takeOut(one, issue) })) : [])
  return (
    <div className={BAR}>
      <Merge size={14} aria-hidden className="shrink-0" />
      <span>{words.holds(issue.merged.length)}</span>
      <ul className="contents">
        {issue.merged.map((one) => (
          <li key={one.id} className="flex min-w-0 items-center gap-1">
            <To other={one} />
            {edits && <Button variant="ghost" aria-label={words.takeOutOf(one.key)} onClick={() => takeOut(one, issue)}>{words.takeOut}</Button>}
          </li>
        ))}
      </ul>
    </div>
  )
}

function To({ other }: { other: Ref }) {
  const { view } = inboxRoute.useParams()
  const search = inboxRoute.useSearch()
  return (
    <Link to="/inbox/$view/$issueId" params={{ view, issueId: other.id }} search={search} onClick={() => focusConversation(other.id)} className="inline-flex min-h-6 max-w-full min-w-0 items-center gap-1.5 font-medium text-accent-text underline underline-offset-2 pointer-coarse:min-h-11">
      <span data-number className="shrink-0">{other.key}</span><span dir="auto" className="truncate">{other.subject || t.inbox.noSubject}</span>
    </Link>
  )
}
