import { issueQuery, listedIssue, type Issue } from '../api/queries/issues'
import { meQuery } from '../api/queries/me'
import { api, ok } from '../api/client'
import { queryClient } from '../api/queryClient'
import type { Me } from '../api/session'
import { words } from '../strings/pages/news'

/**
 * Tells a person who looks elsewhere what happened: as a count in the title of the page and, where they asked this
 * device for it, as a notification of the desktop. What happens is heard from the events of the server.
 */
export type News = 'assigned' | 'reply' | 'critical' | 'mention'
type Known = Pick<Issue, 'assignee' | 'severity'> & { said: string | undefined }

const DESKTOP = 'desktop-news'
const FRESH_MS = 120_000
/** Another tab that is looked at says so within this time. */
const LOOKED_AT_MS = 300
const MARK = /^● \d+ · /

const known = new Map<string, Known>()
const mine = new Set<string>()
let count = 0
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

const knownOf = (issue: Issue): Known => ({ assignee: issue.assignee, severity: issue.severity, said: issue.last_message?.created_at })

/** What of a change is news to a person; nothing is known of an issue that was never on this page. */
export function newsIn(issue: Issue, before: Known | undefined, me: Pick<Me, 'id' | 'name'>, now: number): News[] {
  const fresh = (at: string | undefined) => at !== undefined && now - Date.parse(at) < FRESH_MS
  const last = issue.last_message
  const said = last && last.created_at !== before?.said && fresh(last.created_at) ? last : undefined
  const own = issue.assignee === me.id
  const found: News[] = []
  if (own && before?.assignee !== me.id) found.push('assigned')
  else if (own && said?.author === 'customer') found.push('reply')
  if (issue.severity === 'critical' && (before ? before.severity !== 'critical' : fresh(issue.created_at))) found.push('critical')
  if (said?.author === 'agent' && said.visibility === 'internal' && said.excerpt.toLowerCase().includes(`@${me.name.toLowerCase()}`)) found.push('mention')
  return found
}

/** Called for each event of an issue, before what is shown is read anew. */
export async function noteChange(issueId: string): Promise<void> {
  const me = queryClient.getQueryData(meQuery.queryKey)
  const wanted = me?.account?.notifications ?? []
  const shown = queryClient.getQueryData<Issue>(issueQuery(issueId).queryKey) ?? listedIssue(queryClient, issueId)
  const before = known.get(issueId) ?? (shown && knownOf(shown)) ?? (mine.has(issueId) && me ? { assignee: me.id, severity: null, said: undefined } : undefined)
  if (document.hasFocus()) channel?.postMessage(issueId)
  if (!me || !wanted.length) return
  const issue = await ok(api.GET('/v1/issues/{issue_id}', { params: { path: { issue_id: issueId } } }))
  known.set(issueId, knownOf(issue))
  const news = newsIn(issue, before, me, Date.now()).filter((kind) => wanted.includes(kind))
  if (!news.length) return
  await new Promise((done) => setTimeout(done, LOOKED_AT_MS))
  if (document.hasFocus() || Date.now() - (lookedAt.get(issueId) ?? 0) < 2 * LOOKED_AT_MS) return
  mark(count + 1)
  if (news[0] && showsOnDesktop()) show(news[0], issue)
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

function mark(next: number): void {
  count = next
  const plain = document.title.replace(MARK, '')
  const wanted = count ? `● ${count} · ${plain}` : plain
  if (document.title !== wanted) document.title = wanted
}

/** Begins to count for whoever looks elsewhere. Returns what ends it. */
export function watchNews(): () => void {
  const control = new AbortController()
  channel = new BroadcastChannel('news')
  channel.onmessage = ({ data }) => { lookedAt.set(String(data), Date.now()) }
  addEventListener('focus', () => mark(0), { signal: control.signal })
  // A page that names itself anew keeps the count.
  const named = new MutationObserver(() => mark(count))
  const title = document.querySelector('title')
  if (title) named.observe(title, { childList: true })
  ok(api.GET('/v1/issues', { params: { query: { view: 'mine', limit: 50 } }, signal: control.signal }))
    .then(({ data }) => { for (const issue of data) { mine.add(issue.id); known.set(issue.id, knownOf(issue)) } }, () => undefined)
  return () => {
    control.abort()
    named.disconnect()
    channel?.close()
    channel = undefined
    mark(0)
    known.clear()
    mine.clear()
  }
}
