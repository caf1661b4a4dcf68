import { Link } from '@tanstack/react-router'
import { AlarmClockOff, ArrowLeft, Check, Clock, Ellipsis, LinkIcon, Mail, MailOpen, Merge, RotateCcw, Signal, Sparkles, Tag, UserRound } from 'lucide-react'
import { Suspense, useState, type ReactNode } from 'react'
import type { Issue } from '../../api/queries/issues'
import { useMay } from '../../api/queries/me'
import { whichIsMe, whoMayTake } from '../../api/queries/people'
import { useUnread } from '../../api/reading'
import { useCommands, type Command } from '../../app/commands'
import { overlayComes, waitForPage } from '../../app/earlyKeys'
import { failed, toast } from '../../app/toasts'
import { lazyPart } from '../../lib/lazyPart'
import { isAhead, weekdayTime } from '../../lib/moments'
import { inboxRoute, latestIssueId } from '../../routes'
import { t } from '../../strings/work'
import { thread } from '../../strings/pages/thread'
import { Avatar, Badge, Button, IconButton, Severity, Team, cx } from '../../ui'
import { Due, Menu } from '../../ui/lazy'
import { useTick } from '../../lib/useTick'
import { useIssueActions } from '../inbox/actions'
import { SEVERITIES } from './choices'
import { AssignMenu, SnoozeMenu, loadAssign } from './menus'
import { ResolvePopover } from './ResolvePopover'
import { Subject } from './Subject'
import { TagMenu } from './TagMenu'

const MergeDialog = lazyPart(() => import('../merge/MergeDialog'))

type Overlay = 'assign' | 'tags' | 'snooze' | 'severity' | 'resolve' | 'merge' | undefined
type Props = { issue: Issue; copilotShown: boolean; onCopilot: () => void; children?: ReactNode }

/** What the issue is, and what can be done with it as a whole. */
export function Header({ issue, copilotShown, onCopilot, children }: Props) {
  const { view } = inboxRoute.useParams()
  const search = inboxRoute.useSearch()
  // What is merged is worked on in the issue that goes on.
  const edits = useMay('issues.edit') && !issue.merged_into
  const act = useIssueActions()
  const [open, setOpen] = useState<Overlay>()
  useTick(issue.due ? 30_000 : undefined)
  const bind = (name: Overlay) => ({ open: open === name, onOpenChange: (next: boolean) => setOpen(next ? name : undefined) })
  const snoozed = isAhead(issue.snoozed_until)
  const severities = SEVERITIES.map((value) => ({ id: value, label: t.issue.severity[value], checked: issue.severity === value, icon: <Signal size={13} />, run: () => void act.setSeverity([issue.id], value) }))
  const reading = useUnreadCommand(issue)
  useCommands([forIssue(issue.id, reading), { id: 'issue.link', label: thread.copyLink, group: 'issue', run: copyLink }])
  const copilot = <IconButton label={copilotShown ? t.copilot.hide : t.copilot.show} keys="c" pressed={copilotShown} onClick={onCopilot} className="max-md:hidden"><Sparkles size={15} aria-hidden /></IconButton>
  return (
    <header className="grid min-h-11 shrink-0 grid-cols-1 items-center gap-x-2 border-b border-line py-1.5 pr-2 pl-2 max-md:grid-cols-[auto_minmax(0,1fr)] sm:pl-4 @2xl:flex @2xl:py-1">
      <Link to="/inbox/$view" params={{ view }} search={search} aria-label={t.issue.back} className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-fg-2 hover:bg-hover md:hidden pointer-coarse:size-11"><ArrowLeft size={16} aria-hidden /></Link>
      <Subject issue={issue} />
      <span className="col-span-full flex min-w-0 flex-wrap items-center gap-0.5 max-md:pl-1.5 @2xl:flex-nowrap">
        <span className="-ml-1 flex max-w-full min-w-0 flex-wrap items-center gap-x-1">
          {edits
            ? <Menu {...bind('severity')} label={thread.setSeverity} items={severities} align="end" trigger={<button type="button" className="inline-flex h-7 items-center rounded-md px-1 hover:bg-hover pointer-coarse:h-11"><Severity value={issue.severity} /><span className="sr-only">, {thread.setSeverity}</span></button>} />
            : <span className="inline-flex h-7 items-center px-1"><Severity value={issue.severity} /></span>}
          {issue.merged_into ? <Badge tone="low">{thread.merged}</Badge> : issue.status !== 'open' && <Status status={issue.status} />}
          {snoozed && issue.snoozed_until && <Badge tone="medium"><Clock size={11} aria-hidden />{weekdayTime(new Date(issue.snoozed_until))}</Badge>}
          {issue.due && <Due due={issue.due} />}
          {issue.tags[0] && <span title={issue.tags.join(', ')} className={cx('inline-flex items-center gap-1 text-2xs text-fg-3 @max-lg:hidden', (snoozed || issue.status !== 'open') && '@max-2xl:hidden')}><Tag size={11} aria-hidden /><span className="max-w-24 truncate">{issue.tags[0]}</span>{issue.tags.length > 1 && <span>+{issue.tags.length - 1}</span>}</span>}
          <Team name={issue.team_name} className="max-w-28" />
          {children}
        </span>
        <span className="ml-auto flex items-center gap-0.5">
          {edits
            ? <Editing issue={issue} snoozed={snoozed} bind={bind} onOpen={setOpen}>{copilot}</Editing>
            : <>{issue.assignee_name && <Assignee name={issue.assignee_name} />}<IconButton label={reading.label} keys="u" onClick={reading.run}>{reading.icon}</IconButton><IconButton label={thread.copyLink} onClick={copyLink}><LinkIcon size={15} aria-hidden /></IconButton>{copilot}</>}
        </span>
      </span>
      {open === 'merge' && <Suspense><MergeDialog issues={[issue]} onClose={() => setOpen(undefined)} /></Suspense>}
    </header>
  )
}

const Assignee = ({ name }: { name: string }) => <span title={name} className="flex px-1.5"><Avatar name={name} size={18} /><span className="sr-only">{thread.assign}: {name}</span></span>

type EditingProps = { issue: Issue; snoozed: boolean; bind: (name: Overlay) => { open: boolean; onOpenChange: (next: boolean) => void }; onOpen: (what: Overlay) => void; children: ReactNode }

/** What somebody who works on issues can do with this one. */
function Editing({ issue, snoozed, bind, onOpen, children }: EditingProps) {
  const act = useIssueActions()
  const ended = issue.status === 'resolved' || issue.status === 'closed'
  const ids = [issue.id]
  const reopen = () => void act.setStatus(ids, 'open')
  useEditingCommands(issue, ended, snoozed, onOpen, reopen)
  return (
    <>
      <AssignMenu
        {...bind('assign')} ids={ids} command={{ id: 'issue.team', group: 'issue', label: (what) => what }}
        trigger={<IconButton label={issue.assignee_name ? `${thread.assign}: ${issue.assignee_name}` : thread.assign} keys="a">{issue.assignee_name ? <Avatar name={issue.assignee_name} size={18} /> : <UserRound size={15} aria-hidden />}</IconButton>}
      />
      <TagMenu
        {...bind('tags')} issues={[issue]}
        // A phone has no room for it: there it is in the menu, and opens where it would be.
        trigger={<IconButton label={[thread.tags, ...issue.tags].join(' · ')} keys="l" className="max-md:invisible max-md:!w-0"><Tag size={15} aria-hidden /></IconButton>}
      />
      {snoozed
        ? <IconButton label={thread.unsnooze} keys="h" onClick={() => void act.wake(ids)}><AlarmClockOff size={15} aria-hidden /></IconButton>
        : !ended && <SnoozeMenu {...bind('snooze')} ids={ids} trigger={<IconButton label={thread.snooze} keys="h"><Clock size={15} aria-hidden /></IconButton>} />}
      <MoreMenu issue={issue} onTags={() => onOpen('tags')} onMerge={() => onOpen('merge')} />
      {children}
      {ended
        ? <Button onClick={reopen} className="ml-1"><RotateCcw size={13} aria-hidden />{thread.reopen}</Button>
        : <ResolvePopover {...bind('resolve')} issue={issue} trigger={<Button keys="e" className="ml-1"><Check size={13} aria-hidden />{thread.resolve}</Button>} />}
    </>
  )
}

/** In a few words where there is little room. */
function Status({ status }: { status: Exclude<Issue['status'], 'open'> }) {
  const short = status === 'pending' ? t.inbox.views.waiting : t.issue.status[status]
  return (
    <Badge tone={status === 'pending' ? 'low' : 'ok'}>
      <span className="@max-md:sr-only">{t.issue.status[status]}</span><span aria-hidden className="@md:hidden">{short}</span>
    </Badge>
  )
}

/** Marks the issue as unread, or one that is unread as read. */
function useUnreadCommand(issue: Issue): Command & { icon: ReactNode } {
  const act = useIssueActions()
  const unread = useUnread(issue)
  const Icon = unread ? MailOpen : Mail
  return {
    id: 'issue.unread', label: unread ? thread.markRead : thread.markUnread, group: 'issue', keys: ['u'],
    icon: <Icon size={14} aria-hidden />, run: () => act.read([issue.id], !unread),
  }
}

function MoreMenu({ issue, onTags, onMerge }: { issue: Issue; onTags: () => void; onMerge: () => void }) {
  const act = useIssueActions()
  const { label, icon, run } = useUnreadCommand(issue)
  const statuses = (['open', 'pending'] as const).map((status) => ({
    id: status, label: t.issue.status[status], checked: issue.status === status, run: () => void act.setStatus([issue.id], status),
  }))
  const items = [...statuses, 'line' as const, { id: 'unread', label, keys: 'u', icon, run }, { id: 'tags', label: thread.tags, keys: 'l', icon: <Tag size={14} />, run: onTags }, { id: 'merge', label: thread.merge, icon: <Merge size={14} />, run: () => { overlayComes(); onMerge() } }, { id: 'link', label: thread.copyLink, icon: <LinkIcon size={14} />, run: copyLink }]
  return <Menu label={thread.more} align="end" items={items} trigger={<IconButton label={thread.more}><Ellipsis size={15} aria-hidden /></IconButton>} />
}

const copyLink = () => {
  void navigator.clipboard.writeText(location.href).then(() => toast({ title: thread.linkCopied }))
}

/** While the page of another issue is on its way a key is meant for that one: it waits until it stands. */
const forIssue = (id: string, command: Command): Command => ({ ...command, run: () => (latestIssueId() === id ? command.run() : waitForPage(command.keys)) })

function useEditingCommands(issue: Issue, ended: boolean, snoozed: boolean, setOpen: (what: Overlay) => void, reopen: () => void): void {
  const act = useIssueActions()
  const ids = [issue.id]
  const commands: (Command | false | undefined)[] = [
    { id: 'issue.assign', opens: true, label: thread.assign, group: 'issue', keys: ['a'], run: () => void whoMayTake(loadAssign).then((soon) => soon && setOpen('assign'), failed) },
    { id: 'issue.tags', opens: true, label: thread.tags, group: 'issue', keys: ['l'], run: () => setOpen('tags') },
    { id: 'issue.mine', label: thread.assignToMe, group: 'issue', keys: ['m'], run: () => void whichIsMe().then((me) => act.assign(ids, me), failed) },
    { id: 'issue.severity', opens: true, label: thread.setSeverity, group: 'issue', keys: ['s'], run: () => setOpen('severity') },
    { id: 'issue.merge', opens: true, label: thread.merge, group: 'issue', run: () => { overlayComes(); setOpen('merge') } },
    !ended && { id: 'issue.snooze', opens: !snoozed, label: snoozed ? thread.unsnooze : thread.snooze, group: 'issue', keys: ['h'], run: () => (snoozed ? void act.wake(ids) : setOpen('snooze')) },
    ended
      ? { id: 'issue.reopen', label: thread.reopen, group: 'issue', run: reopen }
      : { id: 'issue.resolve', opens: true, label: thread.resolve, group: 'issue', keys: ['e'], run: () => setOpen('resolve') },
  ]
  useCommands((commands.filter((command) => Boolean(command)) as Command[]).map((command) => forIssue(issue.id, command)))
}
