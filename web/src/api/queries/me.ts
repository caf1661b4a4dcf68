import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query'
import type { permissions } from '../../strings/en/permissions'
import { queryClient } from '../queryClient'
import { askAgain, onMe, whoAmI } from '../session'

/** What the server's table of permissions has: each has its words there. */
export type Permission = keyof typeof permissions

/** Who works here and what they may do; null when nobody has signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async () => (await whoAmI()) ?? null,
  staleTime: Infinity,
})

// Somebody else may have signed in over the page: what is offered follows.
onMe((me) => queryClient.setQueryData(meQuery.queryKey, me))

/** Whether the person who works here may do that. Nothing is offered, and nothing asked for, that the server would refuse. */
export const useMay = (permission: Permission): boolean =>
  useQuery({ ...meQuery, select: (me) => me?.permissions.includes(permission) ?? false }).data ?? false

/** Reads anew who works here, after something about them was changed. */
export async function refreshMe(client: QueryClient): Promise<void> {
  client.setQueryData(meQuery.queryKey, (await askAgain()) ?? null)
}
