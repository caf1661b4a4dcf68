import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'

/** Who may be given an issue, and which name is one's own. */
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => ok(api.GET('/v1/issues/assignees', { signal })),
  select: ({ me, names }) => ({ me, names: names.includes(me) ? names : [me, ...names] }),
  staleTime: 5 * 60_000,
})
