import { issueQuery, listedIssue, type Issue } from '../api/queries/issues'
import { meQuery } from '../api/queries/me'
import { api, ok } from '../api/client'
import { queryClient } from '../api/queryClient'
import type { IssueNews } from '../api/schema'
import type { Me } from '../api/session'
import { words } from '../strings/pages/news'
import { markTitle, tellMentions, tellNews } from './titleMarks'

/**
 * Tells a person who looks elsewhere what happened: as a count in the title of the page and, where they asked this
 * device for it, as a notification of the desktop. What happens is heard from the events of the server.
 */
export type News = 'assigned' | 'reply' | 'critical' | 'mention'
type Known = Pick<IssueNews, 'assignee' | 'severity'> & { said: string | undefined; mentioned: string | undefined }

const DESKTOP = 'desktop-news'
const FRESH_MS = 120_000
/** Another tab that is looked at says so within this time. */
const LOOKED_AT_MS = 300
/** After so long a server that was not ready is asked again. */
const BEGIN_AGAIN_MS = 5000

const known = new Map<string, Known>()
/** Whether one's own issues were read: before, nobody can say which of them are new. */
let begun = false
let channel: BroadcastChannel | undefined
const lookedAt = new Map<string, number>()

/** Whether this device shows notifications of the desktop: only what was switched on here and allowed by the browser. */
export function showsOnDesktop(): boolean {
  try {
    return 'Notification' in window && Notification.permission === 'granted' && localStorage.getItem(DESKTOP) === 'on'
  } catch {
    return false
  }
}

/** Switches them on or off; asks the browser, which asks the person. Answers whether they are on. */
export async function setOnDesktop(on: boolean): Promise<boolean> {
  if (on && Notification.permission === 'default') await Notification.requestPermission()
  localStorage.setItem(DESKTOP, on ? 'on' : 'off')
  return showsOnDesktop()
}

/** How an issue of a list stands; whom its notes name is told by events only. */
const newsOf = ({ assignee, severity, created_at, last_message: last }: Issue): IssueNews =>
  ({ assignee, severity, created_at, said: last && { author: last.author, visibility: last.visibility, by: null, at: last.created_at }, mentions: [] })
const knownOf = ({ assignee, severity, said, mentions }: IssueNews, before?: Known): Known =>
  ({ assignee, severity, said: said?.at, mentioned: mentions.at(-1)?.at ?? before?.mentioned })

/** What of a change is news to a person; nothing is known of an issue that was never on this page. */
export function newsIn(now: IssueNews, before: Known | undefined, me: Pick<Me, 'id'>, at: number): News[] {
  const fresh = (moment: string | undefined) => moment !== undefined && at - Date.parse(moment) < FRESH_MS
  const said = now.said && now.said.at !== before?.said && fresh(now.said.at) ? now.said : undefined
  const own = now.assignee === me.id
  const found: News[] = []
  if (own && before?.assignee !== me.id) found.push('assigned')
  else if (own && said?.author === 'customer') found.push('reply')
  if (now.severity === 'critical' && (before ? before.severity !== 'critical' : fresh(now.created_at))) found.push('critical')
  // Events tell of notes since the one before, and of some once more.
  const since = Date.parse(before?.mentioned ?? '') || 0
  if (now.mentions.some((note) => note.of.includes(me.id) && Date.parse(note.at) > since)) found.push('mention')
  return found
}

/** Called for each event of an issue, before what is shown is read anew. Asks the server for nothing. */
export function noteChange(issueId: string, now: IssueNews): void {
  const me = queryClient.getQueryData(meQuery.queryKey)
  const wanted = me?.account?.notifications ?? []
  const shown = queryClient.getQueryData<Issue>(issueQuery(issueId).queryKey) ?? listedIssue(queryClient, issueId)
  const before = known.get(issueId) ?? (shown && knownOf(newsOf(shown)))
  if (document.hasFocus()) channel?.postMessage(issueId)
  known.set(issueId, knownOf(now, before))
  const news = me ? newsIn(now, before, me, Date.now()).find((kind) => wanted.includes(kind) && (begun || before || kind !== 'assigned')) : undefined
  if (news) void announce(issueId, news).catch(() => undefined)
}

/** Counts it where nobody looks, and shows it on the desktop where that was asked for. */
async function announce(issueId: string, news: News): Promise<void> {
  await new Promise((done) => setTimeout(done, LOOKED_AT_MS))
  if (document.hasFocus() || Date.now() - (lookedAt.get(issueId) ?? 0) < 2 * LOOKED_AT_MS) return
  tellNews((before) => before + 1)
  if (showsOnDesktop()) show(news, await ok(api.GET('/v1/issues/{issue_id}', { params: { path: { issue_id: issueId } } })))
}

/** One's own issues as they stand; what of them is news since they were first read is told. */
async function readMine(signal?: AbortSignal): Promise<void> {
  const { data } = await ok(api.GET('/v1/issues', { params: { query: { view: 'mine', limit: 100 } }, ...(signal && { signal }) }))
  for (const issue of data) {
    if (begun) noteChange(issue.id, newsOf(issue))
    else known.set(issue.id, knownOf(newsOf(issue)))
  }
  begun = true
}

/** After more happened than the server told one by one. */
export const catchUp = (): void => void readMine().catch(() => undefined)

function begin(signal: AbortSignal): void {
  readMine(signal).catch(() => setTimeout(() => { if (!signal.aborted && !begun) begin(signal) }, BEGIN_AGAIN_MS))
}

function show(kind: News, issue: Issue): void {
  const body = [issue.customer?.name, issue.subject].filter(Boolean).join(': ')
  // Several tabs hear of it: the same tag makes one notification of theirs.
  const notification = new Notification(words.titles[kind], { body, tag: issue.id })
  notification.onclick = () => {
    window.focus()
    notification.close()
    void import('../routes').then(({ router }) => router.navigate({ to: '/inbox/$view/$issueId', params: { view: 'all', issueId: issue.id } }))
  }
}

/** Begins to count for whoever looks elsewhere. Returns what ends it. */
export function watchNews(): () => void {
  const control = new AbortController()
  channel = new BroadcastChannel('news')
  channel.onmessage = ({ data }) => { lookedAt.set(String(data), Date.now()) }
  addEventListener('focus', () => tellNews(0), { signal: control.signal })
  // A page that names itself anew keeps the count.
  const named = new MutationObserver(markTitle)
  const title = document.querySelector('title')
  if (title) named.observe(title, { childList: true })
  begin(control.signal)
  return () => {
    control.abort()
    named.disconnect()
    channel?.close()
    channel = undefined
    tellMentions(0)
    tellNews(0)
    known.clear()
    begun = false
  }
}
