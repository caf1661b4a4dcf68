import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { Suspense, useCallback, useEffect, useMemo, useRef, type Dispatch, type RefObject, type SetStateAction } from 'react'
import { issuesQuery } from '../../api/queries/issues'
import { useMay } from '../../api/queries/me'
import { useUnreadMentions } from '../../api/queries/mentions'
import { useCommands, type Command } from '../../app/commands'
import { pageComes } from '../../app/earlyKeys'
import { ErrorView } from '../../app/ErrorPage'
import { usePrefs } from '../../app/prefs'
import { afterPaint } from '../../lib/afterPaint'
import { lazyPart } from '../../lib/lazyPart'
import { issuePage, latestIssueId, prefetchIssue } from '../../routes'
import { t } from '../../strings'
import { Skeleton } from '../../ui'
import { IssueRow } from './IssueRow'
import { useRows } from './useRows'
import { usualSort, type InboxSearch, type ViewName } from './views'

/** In rem, so that rows grow with the text of whoever needs it larger. */
const ROW = { comfortable: 4.75, compact: 3.25 }
const AHEAD = 30
const Nothing = lazyPart(() => import('./Nothing'))

type Props = {
  view: ViewName
  search: InboxSearch
  openId: string | undefined
  selected: ReadonlySet<string>
  onSelect: Dispatch<SetStateAction<ReadonlySet<string>>>
}

/** The issues of a view, only those in sight as elements; more are fetched before their place comes into sight. */
export function IssueList({ view, search, openId, selected, onSelect }: Props) {
  const { data, isPending, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(issuesQuery(view, search))
  const issues = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data])
  // What loads the sample company says how far it is until all of it is here.
  const { data: sample } = useQuery<{ state?: string }>({ queryKey: ['sample-data'], enabled: false })
  const { density } = usePrefs()
  const edits = useMay('issues.edit')
  const named = useUnreadMentions()
  const count = issues.length + (hasNextPage ? 1 : 0)
  const { box, list: rows, show, from, to } = useRows(count, ROW[density])
  const ids = useMemo(() => issues.map((issue) => issue.id), [issues])
  const at = issues.findIndex((issue) => issue.id === openId)
  const lastShown = to - 1

  const shownFor = useRef<string>(undefined)
  useEffect(() => {
    // Once for each issue that is opened: rows that come or go above it later do not take the list from under the reader.
    if (at < 0 || shownFor.current === openId) return
    shownFor.current = openId
    show(at)
  }, [at, openId, show])
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown >= issues.length - AHEAD) void fetchNextPage()
  }, [lastShown, hasNextPage, isFetchingNextPage, issues.length, fetchNextPage])
  useEffect(() => {
    if (at < 0) return
    afterPaint(() => { for (const neighbour of [issues[at + 1], issues[at - 1]]) if (neighbour) prefetchIssue(neighbour.id) })
  }, [at, issues])
  useEffect(() => { void issuePage() }, [])
  // Several key presses may come between two renderings: each starts from where the last one went.
  const cursorRef = useRef(openId)
  const navigate = useNavigate()
  const list = useRouter().buildLocation({ to: '/inbox/$view', params: { view }, search })
  const open = useCallback((issueId: string) => { cursorRef.current = issueId; pageComes(); void navigate({ to: '/inbox/$view/$issueId', params: { view, issueId }, search }) }, [navigate, view, search])
  const toggle = useCallback((id: string) => onSelect((ids) => toggled(ids, id)), [onSelect])
  useListCommands(ids, { cursorRef, openId, view, search, selected, onSelect }, edits)

  if (error && !issues.length) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton rows={14} />
  if (!issues.length || sample?.state === 'loading') return <Suspense><Nothing view={view} search={search} /></Suspense>
  return (
    <div ref={box} data-arrows className="h-full overflow-x-hidden overflow-y-auto py-1.5">
      <ul ref={rows} aria-label={t.inbox.list} className="relative" style={{ height: `${count * ROW[density]}rem` }}>
        {Array.from({ length: to - from }, (_, place) => {
          const index = from + place
          const issue = issues[index]
          return (
            <li
              key={issue?.id ?? 'more'} aria-setsize={hasNextPage ? -1 : issues.length} aria-posinset={index + 1}
              className="absolute inset-x-0 px-1.5" style={{ height: `${ROW[density]}rem`, top: `${index * ROW[density]}rem` }}
            >
              {issue
                ? <IssueRow issue={issue} href={`${list.pathname}/${issue.id}${list.searchStr}`} active={issue.id === openId} named={named.has(issue.id)} compact={density === 'compact'} sort={search.sort ?? usualSort(view)} selected={selected.has(issue.id)} selecting={selected.size > 0} selectable={edits} onOpen={open} onToggle={toggle} />
                : <Skeleton rows={2} className="!p-3" />}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** The row's own link says why it is there while it is focused by key. */
const showWhy = (id: string) => afterPaint(() => document.querySelector<HTMLElement>(`[data-row="${id}"]`)?.focus())

const toggled = (ids: ReadonlySet<string>, id: string): ReadonlySet<string> => {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return next
}

type Cursor = Pick<Props, 'view' | 'search' | 'openId' | 'selected' | 'onSelect'> & { cursorRef: RefObject<string | undefined> }

/** Moving through the list and choosing from it. State changes at once; what is shown follows. */
function useListCommands(ids: readonly string[], { cursorRef, view, search, openId, selected, onSelect }: Cursor, edits: boolean): void {
  const navigate = useNavigate()
  // A page that is shown late, when keys have moved on, takes nobody back.
  useEffect(() => { if (latestIssueId() === openId) cursorRef.current = openId }, [cursorRef, openId])
  const place = (): number => (cursorRef.current === undefined ? -1 : ids.indexOf(cursorRef.current))
  // Where it was last: what is done with an issue may take it out of the list, and the next one into its place.
  const left = useRef<number>(undefined)
  useEffect(() => {
    const at = openId === undefined ? -1 : ids.indexOf(openId)
    if (at >= 0) left.current = at
    else if (openId === undefined) left.current = undefined
  }, [ids, openId])
  const go = (to: number): string | undefined => {
    const id = ids[Math.max(0, Math.min(ids.length - 1, to))]
    if (!id || id === cursorRef.current) return id
    const replace = place() >= 0
    cursorRef.current = id
    pageComes()
    void navigate({ to: '/inbox/$view/$issueId', params: { view, issueId: id }, search, replace })
    return id
  }
  const step = (by: number) => {
    const at = place()
    if (at >= 0) return go(at + by)
    return go((left.current ?? 0) - (by < 0 ? 1 : 0))
  }
  // Where a run of ⇧J and ⇧K began: back towards it the selection shrinks.
  const anchor = useRef<{ at: number; to: number } | undefined>(undefined)
  const extend = (by: number) => {
    const from = place()
    const run = anchor.current?.to === from ? anchor.current : { at: from, to: from }
    const there = step(by)
    const to = place()
    anchor.current = { at: run.at, to }
    const shrinks = from !== to && Math.abs(to - run.at) < Math.abs(from - run.at)
    const [left, kept] = [ids[from], there]
    onSelect((chosen) => new Set([...chosen, ...[left, kept].filter((id) => id !== undefined)].filter((id) => !shrinks || id !== left)))
  }
  const selecting: Command[] = [
    { id: 'list.selectAll', label: t.inbox.selectAll, group: 'list', keys: ['mod+a'], run: () => onSelect(new Set(ids)) },
    { id: 'list.select', label: t.inbox.toggleSelect, group: 'list', keys: ['x'], keysOnly: true, run: () => { const id = ids[place()] ?? go(0); if (id) onSelect((chosen) => toggled(chosen, id)) } },
    { id: 'list.extendDown', label: t.inbox.extendDown, group: 'list', keys: ['shift+j', 'shift+arrowdown'], keysOnly: true, run: () => extend(1) },
    { id: 'list.extendUp', label: t.inbox.extendUp, group: 'list', keys: ['shift+k', 'shift+arrowup'], keysOnly: true, run: () => extend(-1) },
  ]
  useCommands([
    { id: 'list.next', label: t.inbox.next, group: 'list', keys: ['j', 'arrowdown'], keysOnly: true, run: () => void step(1) },
    { id: 'list.previous', label: t.inbox.previous, group: 'list', keys: ['k', 'arrowup'], keysOnly: true, run: () => void step(-1) },
    { id: 'list.open', label: t.inbox.open, group: 'list', keys: ['o', 'enter'], keysOnly: true, run: () => (place() < 0 ? void step(1) : document.querySelector<HTMLElement>('#conversation')?.focus()) },
    ...((search.sort ?? usualSort(view)) === 'copilot' ? [{ id: 'list.why', label: t.inbox.why, group: 'list' as const, keys: ['y'], run: () => { const id = ids[place()] ?? go(0); if (id) showWhy(id) } }] : []),
    ...(edits ? selecting : []),
    { id: 'list.back', label: t.issue.back, group: 'list', keys: ['escape'], keysOnly: true, run: () => {
      // The first one puts away what is said of the row.
      if (document.querySelector('[data-tip-shown]')) return
      if (selected.size) return onSelect(new Set())
      cursorRef.current = undefined
      void navigate({ to: '/inbox/$view', params: { view }, search })
    } },
  ])
}
