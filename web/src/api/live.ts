import { catchUp, noteChange, watchNews } from '../app/news'
import { askForBuild } from './build'
import { api } from './client'
import { leaveIssue } from './gone'
import { queryClient } from './queryClient'
import { panelQuery } from './queries/panel'
import { attachmentsQuery, issueKeys, listedIssue, refreshLists, type Issue } from './queries/issues'
import { queuedQuery } from './queries/messages'
import { readMarks, takeMarks } from './reading'
import type { IssueChanged, IssueGone, PanelChanged, PeopleChanged, PersonPresent, ReadingChanged } from './schema'

/**
 * What happens on the server while pages are open. A browser has a few connections only, and agents open many tabs:
 * one tab listens, chosen by a lock, and hands round to the others what it hears. An event changes nothing by itself,
 * it only has what is shown read anew. A stream that breaks off goes on where it was: the browser names the last moment
 * it was told of, and a tab that takes over the last one that it heard.
 */
type Event = (IssueChanged & { type: 'issue' }) | (IssueGone & { type: 'gone' }) | (PanelChanged & { type: 'panel' }) | (PeopleChanged & { type: 'presence' }) | (ReadingChanged & { type: 'reading' }) | { type: 'missed' } | { type: 'again' }
type Heard = { event: Event; after: string | undefined }
const NAMES = ['issue', 'gone', 'panel', 'presence', 'reading', 'missed'] as const
const LOCK = 'live-events'
const PRESENT_MS = 45_000
const MOST_PAUSE_MS = 30_000

const people = new Map<string, { those: readonly PersonPresent[]; until: number }>()
const listeners = new Set<() => void>()
const NOBODY: readonly PersonPresent[] = []

export const whoIsAt = (issueId: string): readonly PersonPresent[] => {
  const found = people.get(issueId)
  return found && found.until > Date.now() ? found.those : NOBODY
}

export function onPresence(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Keeps who has an issue open, as an event or the answer to one's own presence told it. */
export function setPresent(issueId: string, those: readonly PersonPresent[]): void {
  people.set(issueId, { those, until: Date.now() + PRESENT_MS })
  const told = () => { for (const listener of listeners) listener() }
  told()
  // Who has not been heard of again by then has gone.
  setTimeout(told, PRESENT_MS + 100)
}

/** Whether the issue stands here as it was changed, wherever it stands. */
function isShown({ issue_id: id, version }: IssueChanged): boolean {
  const asked = queryClient.getQueryState<Issue>(issueKeys.one(id))
  const listed = listedIssue(queryClient, id)
  return Boolean(asked ?? listed) && (!asked || asked.data?.version === version) && (!listed || listed.version === version)
}

const keysOf = (id: string) => [issueKeys.one(id), issueKeys.messages(id), queuedQuery(id).queryKey, panelQuery(id).queryKey, attachmentsQuery(id).queryKey]

function take(event: Event): void {
  if (event.type === 'issue' && event.news) noteChange(event.issue_id, event.news)
  // Where the connection broke off there may be another build now.
  if (event.type === 'again') void askForBuild()
  else if (event.type === 'missed') {
    catchUp()
    void readMarks().catch(() => undefined)
    void queryClient.invalidateQueries()
  }
  else if (event.type === 'reading') takeMarks(event.marks)
  else if (event.type === 'presence') setPresent(event.issue_id, event.people)
  // The panel alone: what stands beside it, such as a macro, was made from words that are as they were.
  else if (event.type === 'panel') void queryClient.invalidateQueries({ queryKey: panelQuery(event.issue_id).queryKey, exact: true })
  else if (event.type === 'gone') leaveIssue(queryClient, event.issue_id)
  else if (!isShown(event)) {
    for (const queryKey of keysOf(event.issue_id)) void queryClient.invalidateQueries({ queryKey })
    refreshLists(queryClient)
  }
}

/** From where to go on: everything before was told here, or had not been read yet when this page was opened. */
let after: string | undefined

const beginning = (): Promise<string | undefined> => api.GET('/v1/events').then(({ data }) => (typeof data === 'object' ? data.until : undefined), () => undefined)

/** Listens while somebody works here. Returns what ends it. */
export function listen(): () => void {
  const control = new AbortController()
  const channel = new BroadcastChannel(LOCK)
  const endNews = watchNews()
  void readMarks().catch(() => undefined)
  channel.onmessage = ({ data }) => {
    const heard = data as Partial<Heard>
    // From a tab of an older build.
    if (!heard.event) return
    after = heard.after ?? after
    take(heard.event)
  }
  const tell = (event: Event) => {
    take(event)
    channel.postMessage({ event, after } satisfies Heard)
  }
  const begun = beginning().then((moment) => { after ??= moment })
  const source = () => begun.then(() => keepOpen(tell, control.signal))
  // The lock goes to the next tab by itself when this one is closed.
  navigator.locks.request(LOCK, { signal: control.signal }, source).catch(() => undefined)
  return () => {
    control.abort()
    channel.close()
    endNews()
  }
}

function keepOpen(tell: (event: Event) => void, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    let source: EventSource | undefined
    let pause = 1000
    let timer = 0
    let broke = false
    const open = () => {
      const blind = after === undefined
      source = new EventSource(`/v1/events${after === undefined ? '' : `?after=${encodeURIComponent(after)}`}`)
      source.onopen = () => {
        pause = 1000
        // What happened before cannot be asked for.
        if (blind) tell({ type: 'missed' })
        if (broke) tell({ type: 'again' })
        broke = false
      }
      source.onerror = () => {
        broke = true
        // The browser comes back by itself after a lost connection, but not after a refusal.
        if (source?.readyState !== EventSource.CLOSED) return
        timer = window.setTimeout(open, pause)
        pause = Math.min(MOST_PAUSE_MS, pause * 2)
      }
      for (const name of NAMES) {
        source.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) => {
          after = lastEventId || after
          tell(JSON.parse(data) as Event)
        })
      }
    }
    if (signal.aborted) return done()
    open()
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      source?.close()
      done()
    })
  })
}
