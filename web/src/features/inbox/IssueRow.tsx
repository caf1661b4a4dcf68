import { AtSign } from 'lucide-react'
import { Suspense, memo, type MouseEvent } from 'react'
import type { Issue } from '../../api/queries/issues'
import { useUnread } from '../../api/reading'
import { shortAge, tellDate } from '../../lib/time'
import { prefetchIssue } from '../../routes'
import { t } from '../../strings'
import { Avatar, Severity, Team, cx } from '../../ui'
import { Due } from '../../ui/lazy'
import { lazyPart } from '../../lib/lazyPart'
import type { Sort } from './views'

const Place = lazyPart(() => import('./Place'))

type Props = {
  issue: Issue
  href: string
  active: boolean
  /** A note that was not read names who works here. */
  named: boolean
  compact: boolean
  sort: Sort
  selected: boolean
  selecting: boolean
  /** Whether this person may choose rows, to change them together. */
  selectable: boolean
  onOpen: (id: string) => void
  onToggle: (id: string) => void
}

/** What the age of a row is of: of what the list is sorted by, so that it reads as sorted; else of what was said last. */
const ageOf = (issue: Issue, sort: Sort): [moment: string, of: string] => {
  if (sort === 'newest' || sort === 'oldest') return [issue.created_at, t.inbox.ages.opened]
  if (sort === 'updated' || !issue.last_message) return [issue.updated_at, t.inbox.ages.changed]
  return [issue.last_message.created_at, t.inbox.ages.said]
}

export const IssueRow = memo(function IssueRow({ issue, href, active, named, compact, sort, selected, selecting, selectable, onOpen, onToggle }: Props) {
  const unread = useUnread(issue)
  const name = issue.customer?.name ?? t.app.unknownPerson
  // Not the router's own link: each of those works at every move through the list.
  const open = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    onOpen(issue.id)
  }
  return (
    <div className="group relative h-full pb-px">
      <a
        href={href} data-row={issue.id} aria-describedby={issue.order ? `why-${issue.id}` : undefined} aria-current={active ? 'page' : undefined} onClick={open} onPointerEnter={() => prefetchIssue(issue.id)}
        className={cx('flex h-full flex-col justify-center gap-0.5 rounded-lg pr-2.5 pl-7 -outline-offset-2 forced-colors:aria-[current]:outline-2', active || selected ? 'bg-selected' : 'hover:bg-hover')}
      >
        <span className="flex items-center gap-2">
          <span dir="auto" className={cx('truncate', unread ? 'font-semibold' : 'font-medium')}>{name}</span>
          {unread && <span className="sr-only">{t.inbox.unread}</span>}
          <Company of={issue.customer} />
          <Marks issue={issue} named={named} compact={compact} sort={sort} />
        </span>
        {compact ? <span className="flex items-center gap-2"><Subject issue={issue} unread={unread} /><Points issue={issue} /><Team name={issue.team_name} className="ml-auto max-w-24 shrink-0" /></span> : <Subject issue={issue} unread={unread} />}
        {!compact && <Below issue={issue} />}
      </a>
      <OpenMark active={active} selecting={selecting} />
      <span className={cx('pointer-events-none absolute top-1/2 left-2.5 size-1.5 -translate-y-1/2 rounded-full', selectable && 'group-hover:opacity-0', unread && !selecting && 'bg-accent')} aria-hidden />
      {selectable && <input
        type="checkbox" checked={selected} onChange={() => onToggle(issue.id)} aria-label={t.inbox.select(issue.subject)}
        className={cx('check absolute top-1/2 left-0.5 size-6 -translate-y-1/2', !selecting && 'opacity-0 group-hover:opacity-100 focus-visible:opacity-100')}
      />}
    </div>
  )
})

function Subject({ issue, unread }: { issue: Issue; unread: boolean }) {
  const ended = issue.status === 'resolved' || issue.status === 'closed'
  return <span dir="auto" className={cx('truncate', unread ? 'font-medium' : ended ? 'text-fg-3' : 'text-fg-2')}>{issue.subject || t.inbox.noSubject}</span>
}

/** Why it is here, in Copilot order. */
const Points = ({ issue }: { issue: Issue }) => issue.order && <Suspense><Place issue={issue} order={issue.order} /></Suspense>

/** At the end of the first line: who is named, until when, and how old. */
function Marks({ issue, named, compact, sort }: Pick<Props, 'issue' | 'named' | 'compact' | 'sort'>) {
  const [moment, momentOf] = ageOf(issue, sort)
  return (
    <span className="ml-auto flex h-5 shrink-0 items-center gap-1.5">
      <Named shown={named} />
      {compact && <Severity value={issue.severity} compact />}
      {issue.due && <Due due={issue.due} urgent />}
      <time dateTime={moment} data-of={momentOf} onPointerEnter={tellDate} className="text-2xs text-fg-3">{shortAge(moment)}</time>
    </span>
  )
}

/** Tells the row that is open from those that are selected. */
const OpenMark = ({ active, selecting }: { active: boolean; selecting: boolean }) =>
  active && selecting && <span aria-hidden data-testid="open-mark" className="pointer-events-none absolute inset-y-2 right-0 w-[3px] rounded-full bg-accent forced-colors:bg-[Highlight]" />

const Company = ({ of: customer }: { of: Issue['customer'] }) => (customer?.company ? <span dir="auto" className="min-w-0 shrink-[9999] truncate text-xs text-fg-3">{customer.company}</span> : null)

const Named = ({ shown }: { shown: boolean }) => shown && <span className="flex text-accent-text"><AtSign size={13} aria-hidden /><span className="sr-only">{t.inbox.namesYou}</span></span>

function Below({ issue }: { issue: Issue }) {
  const last = issue.last_message
  const isNote = last?.visibility === 'internal' && last.author !== 'system'
  const who = isNote ? t.inbox.noteOf(last.author_name ?? t.issue.agent) : last?.author === 'agent' && (last.author_name ?? t.issue.agent)
  return (
    <span className="flex items-center gap-2">
      <Severity value={issue.severity} compact />
      <span dir="auto" className="truncate text-xs text-fg-3">{who && <span className="text-fg-2">{who}: </span>}{last?.excerpt}</span>
      <Points issue={issue} />
      <Team name={issue.team_name} className="ml-auto max-w-24 shrink-0" />
      {issue.assignee_name && <span className={cx('flex', !issue.order && !issue.team_name && 'ml-auto')}><Avatar name={issue.assignee_name} size={16} /><span className="sr-only">{issue.assignee_name}</span></span>}
    </span>
  )
}
