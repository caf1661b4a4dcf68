import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'

/** Issues, customers and articles by words and meaning. */
export const searchQuery = (words: string) =>
  queryOptions({
    queryKey: ['search', words],
    queryFn: ({ signal }) => ok(api.GET('/v1/search', { params: { query: { q: words, limit: 12 } }, signal })),
    staleTime: 30_000,
    placeholderData: (before) => before,
  })
