import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import { askAgain, whoAmI } from '../session'

/** What the page that signs in should offer. */
export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in-options'],
  queryFn: ({ signal }) => ok(api.GET('/v1/auth/options', { signal })),
  staleTime: 5 * 60_000,
})

/** Who works here and what they may do; null when nobody has signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async () => (await whoAmI()) ?? null,
  staleTime: Infinity,
})

/** Reads anew who works here, after something about them was changed. */
export async function refreshMe(client: QueryClient): Promise<void> {
  client.setQueryData(meQuery.queryKey, (await askAgain()) ?? null)
}

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => ok(api.GET('/v1/auth/sessions', { signal })),
  select: (page) => page.data,
})

/** Ends one session, or with undefined all but this one. */
export function useEndSession() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string | undefined) =>
      id ? ok(api.DELETE('/v1/auth/sessions/{session_id}', { params: { path: { session_id: id } } })) : ok(api.POST('/v1/auth/sessions/end-others', {})),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  })
}
