import { infiniteQueryOptions, queryOptions, replaceEqualDeep, type InfiniteData, type QueryClient } from '@tanstack/react-query'
import { usualSort, type InboxSearch, type ViewName } from '../../features/inbox/views'
import { api, ok } from '../client'
import type { IssueCounts, IssueEdit, IssueOut, MessageOut, PageIssueOut } from '../schema'

export type Issue = IssueOut
export type Message = MessageOut
export type IssueList = InfiniteData<PageIssueOut, string | undefined>
export type Patch = Partial<Pick<IssueEdit, 'status' | 'severity' | 'assignee' | 'team_id' | 'subject' | 'tags' | 'snoozed_until'>>
/** The critical board: what is open, and what was resolved today. */
export type Board = { open: Issue[]; done: Issue[] }
const PAGE = 100
export const SORTS = { copilot: 'copilot', newest: '-created_at', oldest: 'created_at', updated: '-updated_at', severity: '-severity', due: 'due' } as const

export const issueKeys = {
  lists: ['issues', 'list'] as const,
  list: (view: ViewName, search: InboxSearch) => ['issues', 'list', view, search] as const,
  counts: ['issues', 'counts'] as const,
  board: ['issues', 'board'] as const,
  one: (id: string) => ['issue', id] as const,
  messages: (id: string) => ['messages', id] as const,
}

/** A view of the inbox, page by page. The first page without filters has the address that index.html asks early. */
export const issuesQuery = (view: ViewName, search: InboxSearch) =>
  infiniteQueryOptions({
    queryKey: issueKeys.list(view, search),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const { sort, ...filters } = search
      const order = SORTS[sort ?? usualSort(view)]
      const query = { view, limit: PAGE, ...filters, sort: order === SORTS.newest ? undefined : order, cursor: pageParam }
      return ok(api.GET('/v1/issues', { params: { query }, signal }))
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const countsQuery = queryOptions({
  queryKey: issueKeys.counts,
  queryFn: ({ signal }) => ok(api.GET('/v1/issues/counts', { signal })),
  select: (counts) => counts.views,
})

/** How many of each view are unread. */
export const unreadQuery = queryOptions({ queryKey: issueKeys.counts, queryFn: countsQuery.queryFn, select: (counts: IssueCounts) => counts.unread })

export const issueQuery = (id: string) =>
  queryOptions({
    queryKey: issueKeys.one(id),
    queryFn: ({ signal }) => ok(api.GET('/v1/issues/{issue_id}', { params: { path: { issue_id: id } }, signal })),
    // An answer that was asked for before a change and comes after it is no news.
    structuralSharing: (before, now) => ((before as Issue | undefined)?.version ?? 0) > (now as Issue).version ? before : replaceEqualDeep(before, now),
  })

export const messagesQuery = (id: string) =>
  queryOptions({
    queryKey: issueKeys.messages(id),
    queryFn: async ({ signal }): Promise<Message[]> => {
      const all: Message[] = []
      let cursor: string | null | undefined
      do {
        const params = { path: { issue_id: id }, query: { limit: 200, ...(cursor && { cursor }) } }
        const page: { data: Message[]; next_cursor: string | null } = await ok(api.GET('/v1/issues/{issue_id}/messages', { params, signal }))
        all.push(...page.data)
        cursor = page.next_cursor
      } while (cursor)
      return all
    },
  })

export const attachmentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['attachments', id],
    queryFn: ({ signal }) => ok(api.GET('/v1/issues/{issue_id}/attachments', { params: { path: { issue_id: id } }, signal })),
    select: (page) => page.data,
    staleTime: 60_000,
  })

/** An issue as a list shows it, if one does. */
export const listedIssue = (client: QueryClient, id: string): Issue | undefined =>
  client.getQueriesData<IssueList>({ queryKey: issueKeys.lists })
    .flatMap(([, list]) => list?.pages.flatMap((page) => page.data) ?? [])
    .find((issue) => issue.id === id)

/** Reads lists and counts anew, soon and once, however many changes came together. */
let waiting: ReturnType<typeof setTimeout> | undefined
export function refreshLists(client: QueryClient): void {
  clearTimeout(waiting)
  waiting = setTimeout(() => void client.invalidateQueries({ queryKey: ['issues'] }), 400)
}
