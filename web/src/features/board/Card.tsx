import { Link } from '@tanstack/react-router'
import { ArrowRightLeft, Siren, Users } from 'lucide-react'
import { useMay } from '../../api/queries/me'
import type { Issue } from '../../api/queries/issues'
import { isOlder } from '../../lib/moments'
import { dateTime, shortAge } from '../../lib/time'
import { t } from '../../strings'
import { words } from '../../strings/pages/board'
import { words as incidentWords } from '../../strings/pages/incidents'
import { Avatar, Badge, IconButton, Team, cx } from '../../ui'
import { Due, Menu } from '../../ui/lazy'
import { COLUMNS, type ColumnName } from './columns'
import type { About } from './about'

const OLD_HOURS = 4

/** One critical issue: what it is, whose it is, how long it waits. */
export function Card({ issue, about, column, onMove }: { issue: Issue; about: About; column: ColumnName; onMove: (to: ColumnName) => void }) {
  const { incident, customers, reasons } = about
  const since = issue.last_message?.created_at ?? issue.updated_at
  const edits = useMay('issues.edit')
  const late = column !== 'done' && isOlder(since, OLD_HOURS)
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- for the mouse besides; keys and menu do the same
    <li
      draggable={edits} onDragStart={(event) => { event.dataTransfer.setData('text/plain', issue.id) }}
      className="group relative rounded-lg border border-line bg-raised px-3 py-2.5 shadow-xs focus-within:border-line-strong hover:border-line-strong"
    >
      <Link
        to="/inbox/$view/$issueId" params={{ view: column === 'done' ? 'resolved' : 'critical', issueId: issue.id }} data-card={issue.id}
        className="block rounded-sm pr-7 after:absolute after:inset-0 after:rounded-lg"
      >
        <span dir="auto" className="line-clamp-2 font-medium">{issue.subject || t.inbox.noSubject}</span>
      </Link>
      <p dir="auto" className="mt-0.5 truncate text-xs text-fg-3">{[issue.customer?.name ?? t.app.unknownPerson, issue.customer?.company].filter(Boolean).join(' · ')}</p>
      {column !== 'done' && (
        <>
          {reasons.length > 0 && <p title={reasons.join('; ')} className="mt-1.5 line-clamp-2 text-xs text-critical first-letter:uppercase"><span className="sr-only">{words.reasons}: </span>{reasons.join('; ')}</p>}
          {issue.last_message && <LastSaid said={issue.last_message} />}
        </>
      )}
      {incident && <p className="mt-1.5"><Badge tone="critical" className="max-w-full"><Siren size={11} aria-hidden /><span className="sr-only">{incidentWords.chip}: </span><span dir="auto" className="truncate">{incident}</span></Badge></p>}
      <p className="mt-2 flex items-center gap-1.5 text-2xs text-fg-3">
        {issue.assignee_name ? <><Avatar name={issue.assignee_name} size={16} /><span className="max-w-28 shrink-0 truncate">{issue.assignee_name}</span></> : <span className="shrink-0">{words.unowned}</span>}
        {customers > 1 && <span title={words.affected(customers)} className="inline-flex shrink-0 items-center gap-0.5 font-medium text-fg-2"><Users size={11} aria-hidden /><span aria-hidden>{customers}</span><span className="sr-only">{words.affected(customers)}</span></span>}
        <Team name={issue.team_name} className="max-w-28 min-w-4" />
        <span className="ml-auto">{issue.due && <Due due={issue.due} />}</span>
        <time dateTime={since} title={`${words.waitingFor(shortAge(since))}, ${dateTime(since)}`} className={cx('shrink-0', late && 'font-medium text-critical')}>{shortAge(since)}</time>
      </p>
      {edits && <span className="absolute top-1.5 right-1.5 z-10">
        <Menu
          label={words.moveTo} align="end"
          trigger={<IconButton label={words.moveOf(issue.subject)}><ArrowRightLeft size={13} aria-hidden /></IconButton>}
          items={COLUMNS.map((name) => ({ id: name, label: words.columns[name], checked: name === column, run: () => onMove(name) }))}
        />
      </span>}
    </li>
  )
}

/** The newest words, and whose they are: those of a note go to colleagues alone. */
function LastSaid({ said }: { said: NonNullable<Issue['last_message']> }) {
  const isNote = said.visibility === 'internal'
  return (
    <p dir="auto" className={cx('mt-1.5 line-clamp-2 text-xs text-fg-2', isNote && '-mx-1 rounded-sm bg-note px-1')}>
      {isNote ? <b className="font-medium">{said.author_name ? t.inbox.noteOf(said.author_name) : words.note}: </b> : said.author !== 'customer' && <b className="font-medium">{said.author_name ?? t.issue.agent}: </b>}
      {said.excerpt}
    </p>
  )
}
