import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'

/** What Copilot says about an issue, all parts together. */
export const panelQuery = (id: string) =>
  queryOptions({
    queryKey: ['panel', id],
    queryFn: ({ signal }) => ok(api.GET('/v1/issues/{issue_id}/panel', { params: { path: { issue_id: id } }, signal })),
    staleTime: 60_000,
  })
