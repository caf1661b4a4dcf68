import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'
import { issueKeys, type Board } from './issues'

const MOST = 200

const midnight = (): string => {
  const now = new Date()
  return new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString()
}

/** What is critical now, and what of it was resolved since midnight. */
export const boardQuery = queryOptions({
  queryKey: issueKeys.board,
  queryFn: async ({ signal }): Promise<Board> => {
    const since = midnight()
    const [open, ended] = await Promise.all([
      ok(api.GET('/v1/issues', { params: { query: { view: 'critical', limit: MOST } }, signal })),
      ok(api.GET('/v1/issues', { params: { query: { severity: ['critical'], status: ['resolved', 'closed'], updated_after: since, sort: '-updated_at', limit: MOST } }, signal })),
    ])
    return { open: open.data, done: ended.data.filter((issue) => !issue.merged_into && issue.resolved_at && issue.resolved_at >= since) }
  },
})

/** Why each critical issue is one. Read anew with the lists: a message or a person may have changed it. */
export const reasonsQuery = queryOptions({
  queryKey: ['issues', 'critical-reasons'],
  queryFn: ({ signal }) => ok(api.GET('/v1/critical-reasons', { signal })),
  select: (page) => new Map(page.data.map((row) => [row.issue_id, row])),
  staleTime: 30_000,
})
