import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'

/** What the page that signs in should offer. */
export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in-options'],
  queryFn: ({ signal }) => ok(api.GET('/v1/auth/options', { signal })),
  staleTime: 5 * 60_000,
})

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
