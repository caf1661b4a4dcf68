import { queryOptions, useQuery } from '@tanstack/react-query'
import type { permissions } from '../../strings/en/permissions'
import { queryClient } from '../queryClient'
import { askAgain, onMe, whoAmI, type Me } from '../session'

/** What the server's table of permissions has: each has its words there. */
export type Permission = keyof typeof permissions

const queryKey = ['me']

/** Who works here and what they may do, also while their session has ended under an open page; null when nobody signed in. */
export const meQuery = queryOptions({
  queryKey,
  queryFn: async () => {
    const before = queryClient.getQueryData<Me>(queryKey)
    return (await (before ? askAgain() : whoAmI())) ?? before ?? null
  },
  // Asked again when a page is looked at after some minutes: rights and choices may have changed elsewhere.
  staleTime: 300_000,
})

// What is offered follows what was told, here or in another tab.
onMe((me) => queryClient.setQueryData(meQuery.queryKey, me))

/** Whether the person who works here may do that. Nothing is offered, and nothing asked for, that the server would refuse. */
export const useMay = (permission: Permission): boolean =>
  useQuery({ ...meQuery, select: (me) => me?.permissions.includes(permission) ?? false }).data ?? false

/** Reads anew who works here, after something about them was changed; without an answer what was known stays. */
export const refreshMe = (): Promise<unknown> => askAgain().catch(() => undefined)
