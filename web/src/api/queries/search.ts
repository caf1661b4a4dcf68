import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { FoundOut } from '../schema'

export type Kind = FoundOut['kind']

/** Issues, customers and articles by words and meaning; of some kinds only, where they are named. */
export const searchQuery = (words: string, kinds: readonly Kind[] = [], limit = 12) =>
  queryOptions({
    queryKey: ['search', words, kinds, limit],
    queryFn: ({ signal }) => ok(api.GET('/v1/search', { params: { query: { q: words, kind: [...kinds], limit } }, signal })),
    staleTime: 30_000,
    placeholderData: (before) => before,
  })
