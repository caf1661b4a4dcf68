import { useQuery, useQueryClient } from '@tanstack/react-query'
import { List, MessageSquare, Sparkles } from 'lucide-react'
import { Suspense, useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { Link } from '@tanstack/react-router'
import { isMissing } from '../../api/errors'
import { wentAway } from '../../api/gone'
import { useMay } from '../../api/queries/me'
import { issueQuery, listedIssue, messagesQuery, type Issue } from '../../api/queries/issues'
import { useCommands, type Command } from '../../app/commands'
import { pageIsHere } from '../../app/earlyKeys'
import { ErrorView } from '../../app/ErrorPage'
import { setPrefs, usePrefs } from '../../app/prefs'
import { useAfterPaint } from '../../lib/afterPaint'
import { lazyPart } from '../../lib/lazyPart'
import { inboxRoute, issueRoute, latestIssueId } from '../../routes'
import { t } from '../../strings/work'
import { thread } from '../../strings/pages/thread'
import { Skeleton, cx } from '../../ui'
import { Panel } from '../copilot/Panel'
import { awaitNoMore } from '../copilot/useDraftStream'
import { Composer } from './Composer'
import { focusComposer, insertIntoReply } from './composing'
import { DraftKeys } from './DraftKeys'
import { Header } from './Header'
import { Collision, Present } from './Present'
import { usePresence } from './presence'
import { Timeline } from './Timeline'
import { useDraftText } from './useDraftText'
import { useReadMentions } from './useReadMentions'

const Gone = lazyPart(() => import('./Gone'))
const Dialog = lazyPart(() => import('../../ui/Dialog'))
const IncidentBar = lazyPart(() => import('../incidents/IncidentBar'))
const MergeBar = lazyPart(() => import('../merge/MergeBar'))
const WIDE = '(min-width: 80rem)'
const wide = matchMedia(WIDE)

/** Whether there is room for Copilot beside the conversation. */
function useWide(): boolean {
  return useSyncExternalStore((listener) => {
    wide.addEventListener('change', listener)
    return () => wide.removeEventListener('change', listener)
  }, () => wide.matches)
}

export function IssuePage() {
  const { issueId } = issueRoute.useParams()
  const client = useQueryClient()
  // What a list knows of it is shown until the answer is here.
  const { data: issue, error, refetch } = useQuery({ ...issueQuery(issueId), placeholderData: () => listedIssue(client, issueId) })
  if (error && !issue && wentAway(issueId) && isMissing(error)) return <Suspense><Gone issueId={issueId} /></Suspense>
  if (error && !issue) return <ErrorView error={error} onRetry={() => void refetch()} page />
  if (!issue) return <Skeleton rows={10} className="mx-auto max-w-[42.5rem] pt-16" />
  return <Frame issue={issue} />
}

/** The conversation and, where there is room, Copilot beside it: shown a paint later, so that the words come first. */
function Frame({ issue }: { issue: Issue }) {
  const isWide = useWide()
  const [edits, guides] = [useMay('issues.edit'), useMay('guidance.use')]
  const beside = useAfterPaint<Issue | undefined>(issue, undefined)
  const besideId = beside?.id
  useReadMentions(besideId)
  const { copilotOpen } = usePrefs()
  // Whose drawer is open: that of one issue is not that of the next.
  const [drawerOf, setDrawerOf] = useState<string>()
  const drawer = drawerOf === issue.id
  const setDrawer = (open: boolean) => setDrawerOf(open ? issue.id : undefined)
  const { data: messages, error, refetch } = useQuery(messagesQuery(issue.id))
  const [draft] = useDraftText(issue.id, edits)
  const writes = mayWrite(edits, issue, draft)
  const others = usePresence(issue.id, draft.reply.trim() !== '')
  const shown = isWide ? copilotOpen : drawer
  const toggle = () => {
    // What is not seen does not come as a surprise.
    if (shown) awaitNoMore(issue.id)
    if (isWide) setPrefs({ copilotOpen: !copilotOpen })
    else setDrawer(!drawer)
  }
  const show = (issueId: string) => (isWide ? setPrefs({ copilotOpen: true }) : setDrawerOf(issueId))
  useCommands([
    { id: 'copilot.toggle', label: shown ? t.copilot.hide : t.copilot.show, group: 'copilot', keys: ['c'], run: toggle },
    ...(writes ? (['reply', 'note'] as const).map((mode): Command => ({
      id: `compose.${mode}`, label: t.compose[mode], group: 'compose', keys: [mode.charAt(0)], run: () => focusComposer(latestIssueId() ?? issue.id, mode),
    })) : []),
  ])
  // Its children have offered their commands before.
  useEffect(pageIsHere, [issue.id])
  const leaveDrawer = (issueId: string) => setDrawerOf((of) => (of === issueId ? undefined : of))
  const insert = useCallback((text: string) => {
    setDrawerOf(undefined)
    if (besideId) insertIntoReply(besideId, text)
  }, [besideId])
  return (
    <div className={cx('grid h-full min-h-0 grid-cols-1', isWide && copilotOpen && 'grid-cols-[minmax(0,1fr)_21.25rem] min-[87.5rem]:grid-cols-[minmax(0,1fr)_22.5rem]')}>
      <section aria-label={issue.subject} className="@container flex min-h-0 min-w-0 flex-col">
        <Header key={`header ${issue.id}`} issue={issue} copilotShown={shown} onCopilot={toggle}><Present people={others} /></Header>
        <Merges issue={issue} />
        <Incident issueId={besideId} />
        {error && !messages
          ? <div className="flex-1"><ErrorView error={error} onRetry={() => void refetch()} /></div>
          : <Timeline key={issue.id} issue={issue} messages={messages} />}
        {edits && <div className="shrink-0 px-3 sm:px-6"><Collision people={others} /></div>}
        {writes && <Composer key={`composer ${issue.id}`} issue={issue} />}
        <Tabs onCopilot={() => setDrawer(true)} />
      </section>
      {guides && !issue.merged_into && <DraftKeys issueId={issue.id} onShow={show} onInserted={leaveDrawer} />}
      {isWide && copilotOpen && <div className="min-h-0 border-l border-line">{beside && <Panel key={beside.id} issue={beside} onInsert={insert} />}</div>}
      {!isWide && drawer && (
        <Suspense><Dialog open onOpenChange={toggle} title={t.copilot.title} kind="side" keysOf="copilot"><Panel issue={issue} onInsert={insert} bare /></Dialog></Suspense>
      )}
    </div>
  )
}

/** What was begun before a merge can still be sent: it goes to the issue that goes on. */
const mayWrite = (edits: boolean, issue: Issue, draft: { reply: string; note: string }): boolean => edits && (!issue.merged_into || `${draft.reply}${draft.note}`.trim() !== '')

const Merges = ({ issue }: { issue: Issue }) => (issue.merged_into ?? issue.merged.length > 0) && <Suspense><MergeBar issue={issue} /></Suspense>

const Incident = ({ issueId }: { issueId: string | undefined }) => issueId !== undefined && <Suspense><IncidentBar key={issueId} issueId={issueId} /></Suspense>

/** One pane at a time on a phone. */
function Tabs({ onCopilot }: { onCopilot: () => void }) {
  const { view } = inboxRoute.useParams()
  const search = inboxRoute.useSearch()
  const tab = 'flex h-11 flex-1 items-center justify-center gap-1.5 text-xs font-medium text-fg-2'
  return (
    <nav aria-label={thread.conversation} className="flex shrink-0 border-t border-line bg-canvas md:hidden">
      <Link to="/inbox/$view" params={{ view }} search={search} className={tab}><List size={15} aria-hidden />{t.inbox.list}</Link>
      <span aria-current="page" className={cx(tab, 'text-accent-text')}><MessageSquare size={15} aria-hidden />{thread.conversation}</span>
      <button type="button" onClick={onCopilot} className={tab}><Sparkles size={15} aria-hidden />{t.copilot.title}</button>
    </nav>
  )
}
