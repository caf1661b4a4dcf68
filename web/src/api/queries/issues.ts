import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query'
import type { InboxSearch, ViewName } from '../../features/inbox/views'
import { api, ok } from '../client'
import type { IssueEdit, IssueOut, MessageOut, PageIssueOut } from '../schema'
import { nameOf } from './people'

export type Issue = IssueOut
export type Message = MessageOut
export type IssueList = InfiniteData<PageIssueOut, string | undefined>
export type Patch = Partial<Pick<IssueEdit, 'status' | 'severity' | 'assignee' | 'subject' | 'tags' | 'snoozed_until'>>
/** The critical board: what is open, and what was resolved today. */
export type Board = { open: Issue[]; done: Issue[] }
const PAGE = 100
const SORTS = { newest: '-created_at', oldest: 'created_at', updated: '-updated_at', severity: '-severity' } as const

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
      const query = { view, limit: PAGE, ...filters, sort: sort && SORTS[sort], cursor: pageParam }
      return ok(api.GET('/v1/issues', { params: { query }, signal }))
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const countsQuery = queryOptions({
  queryKey: issueKeys.counts,
  queryFn: ({ signal }) => ok(api.GET('/v1/issues/counts', { signal })),
  select: (counts) => counts.views,
})

export const issueQuery = (id: string) =>
  queryOptions({
    queryKey: issueKeys.one(id),
    queryFn: ({ signal }) => ok(api.GET('/v1/issues/{issue_id}', { params: { path: { issue_id: id } }, signal })),
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

/** Changes an issue in every list and page that shows it. */
export function patchCached(client: QueryClient, id: string, change: (issue: Issue) => Issue): void {
  client.setQueryData<Issue>(issueKeys.one(id), (issue) => issue && change(issue))
  const changed = (issues: Issue[]) => issues.map((issue) => (issue.id === id ? change(issue) : issue))
  client.setQueryData<Board>(issueKeys.board, (board) => board && { open: changed(board.open), done: changed(board.done) })
  client.setQueriesData<IssueList>({ queryKey: issueKeys.lists }, (list) =>
    list && {
      ...list,
      pages: list.pages.map((page) => ({ ...page, data: changed(page.data) })),
    })
}

/** Reads lists and counts anew, soon and once, however many changes came together. */
let waiting: ReturnType<typeof setTimeout> | undefined
export function refreshLists(client: QueryClient): void {
  clearTimeout(waiting)
  waiting = setTimeout(() => void client.invalidateQueries({ queryKey: ['issues'] }), 400)
}

/** Edits of one issue reach the server in the order in which they were made. */
const turns = new Map<string, Promise<unknown>>()
function inTurn<T>(id: string, edit: () => Promise<T>): Promise<T> {
  const mine = (turns.get(id) ?? Promise.resolve()).catch(() => undefined).then(edit)
  const settled = () => { if (turns.get(id) === mine) turns.delete(id) }
  turns.set(id, mine)
  mine.then(settled, settled)
  return mine
}

/** An edit that shows at once, and is rolled back when the server refuses it. */
export function usePatchIssue() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, patch }: { id: string; patch: Patch }) =>
      inTurn(id, () => ok(api.PATCH('/v1/issues/{issue_id}', { params: { path: { issue_id: id } }, body: patch }))),
    onMutate: async ({ id, patch }) => {
      await client.cancelQueries({ queryKey: issueKeys.one(id) })
      const before = client.getQueryData<Issue>(issueKeys.one(id))
      const lists = client.getQueriesData({ queryKey: ['issues'] })
      const shown = patch.assignee === undefined ? patch : { ...patch, assignee_name: patch.assignee && nameOf(client, patch.assignee) }
      patchCached(client, id, (issue) => ({ ...issue, ...shown }) as Issue)
      return { before, lists }
    },
    onError: (_error, { id }, context) => {
      if (context?.before) client.setQueryData(issueKeys.one(id), context.before)
      for (const [key, data] of context?.lists ?? []) client.setQueryData(key, data)
    },
    onSuccess: (issue) => { if (!turns.has(issue.id)) patchCached(client, issue.id, () => issue) },
    onSettled: () => refreshLists(client),
  })
}
