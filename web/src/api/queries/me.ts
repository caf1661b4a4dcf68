import { queryOptions, type QueryClient } from '@tanstack/react-query'
import { askAgain, whoAmI } from '../session'

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
