import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { FoundOut } from '../schema'

export type Kind = FoundOut['kind']
/** No more than these are found at once. */
export const MOST_FOUND = 50

type Narrowed = { status?: string | undefined; severity?: NonNullable<FoundOut['severity']> | undefined }

/** Issues, customers and articles by words and meaning; of some kinds, of a status and a severity only, where they are named. */
export const searchQuery = (words: string, kinds: readonly Kind[] = [], limit = 12, { status, severity }: Narrowed = {}) =>
  queryOptions({
    queryKey: ['search', words, kinds, limit, status, severity],
    queryFn: ({ signal }) => ok(api.GET('/v1/search', { params: { query: { q: words, kind: [...kinds], limit, status: status ? [status] : [], severity: severity ? [severity] : [] } }, signal })),
    staleTime: 30_000,
    placeholderData: (before) => before,
  })
