import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'

/** What the page that signs in should offer. */
export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in-options'],
  queryFn: ({ signal }) => ok(api.GET('/v1/auth/options', { signal })),
  staleTime: 5 * 60_000,
})
