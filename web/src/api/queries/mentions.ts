import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { PageMentionOut } from '../schema'
import { countsQuery, issueKeys, refreshLists } from './issues'

/** Issues with a note that names who works here and that they have not seen; read anew with the lists. */
const mentionsQuery = queryOptions({
  queryKey: ['issues', 'mentions'],
  queryFn: ({ signal }) => ok(api.GET('/v1/mentions', { signal })),
})
const NONE: ReadonlySet<string> = new Set()
const issuesOf = ({ data }: PageMentionOut): ReadonlySet<string> => new Set(data.map((one) => one.issue_id))

/** Ids of those issues; asked for only where the counts say that there are any. */
export function useUnreadMentions(): ReadonlySet<string> {
  const { data: any = false } = useQuery({ ...countsQuery, select: (counts) => (counts.views.mentions ?? 0) > 0 })
  const { data } = useQuery({ ...mentionsQuery, enabled: any, select: issuesOf })
  return any && data ? data : NONE
}

/** Says that the issue was looked at: its notes are no news any more, here at once and on the server. */
export async function readMentions(client: QueryClient, issueId: string): Promise<void> {
  await ok(api.POST('/v1/issues/{issue_id}/mentions/read', { params: { path: { issue_id: issueId } } }))
  client.setQueryData(mentionsQuery.queryKey, (page) => page && { ...page, data: page.data.filter((one) => one.issue_id !== issueId) })
  await client.invalidateQueries({ queryKey: issueKeys.counts })
  refreshLists(client)
}

/** Who may see an issue, and can be named in its notes. */
export const colleaguesQuery = (issueId: string) =>
  queryOptions({
    queryKey: ['colleagues', issueId],
    queryFn: ({ signal }) => ok(api.GET('/v1/issues/{issue_id}/colleagues', { params: { path: { issue_id: issueId } }, signal })),
    select: (page) => page.data,
    staleTime: 5 * 60_000,
  })
