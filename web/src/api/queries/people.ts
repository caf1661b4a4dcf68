import { queryOptions, type QueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'

/** Who may be given an issue, and who of them one is oneself. */
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => ok(api.GET('/v1/issues/assignees', { signal })),
  staleTime: 5 * 60_000,
})

/** How somebody is called who was read before; a name from another desk is its own. */
export const nameOf = (client: QueryClient, value: string): string =>
  client.getQueryData(peopleQuery.queryKey)?.data.find((person) => person.value === value)?.name ?? value
