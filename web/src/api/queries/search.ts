import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { FoundOut } from '../schema'

export type Kind = FoundOut['kind']
/** No more than these are found at once. */
export const MOST_FOUND = 50

/** Issues, customers and articles by words and meaning; of some kinds and statuses only, where they are named. */
export const searchQuery = (words: string, kinds: readonly Kind[] = [], limit = 12, statuses: readonly string[] = []) =>
  queryOptions({
    queryKey: ['search', words, kinds, limit, statuses],
    queryFn: ({ signal }) => ok(api.GET('/v1/search', { params: { query: { q: words, kind: [...kinds], limit, status: [...statuses] } }, signal })),
    staleTime: 30_000,
    placeholderData: (before) => before,
  })
