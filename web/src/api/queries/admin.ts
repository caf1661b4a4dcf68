import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { allPages } from '../allPages'
import { api, ok } from '../client'
import type { KeyIn, TeamUse, UserEdit, UserIn, UserOut } from '../schema'
import { issueKeys } from './issues'

const ALL = 200

/** People who may sign in, the newest first. */
export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => allPages((query) => ok(api.GET('/v1/users', { params: { query }, signal }))),
})

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => ok(api.GET('/v1/roles', { signal })),
  select: (page) => page.data,
  staleTime: Infinity,
})

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: ({ signal }) => allPages((query) => ok(api.GET('/v1/teams', { params: { query }, signal }))),
  select: (page) => page.data,
})

export const keysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => ok(api.GET('/v1/api-keys', { params: { query: { limit: ALL } }, signal })),
})

/** Changes of people; each reads the list anew. */
export function usePeople() {
  const client = useQueryClient()
  const onSuccess = () => {
    void client.invalidateQueries({ queryKey: ['people'] })
    return client.invalidateQueries({ queryKey: usersQuery.queryKey })
  }
  const of = (id: string) => ({ params: { path: { user_id: id } } })
  return {
    invite: useMutation({ mutationFn: (body: UserIn) => ok(api.POST('/v1/users', { body })), onSuccess }),
    edit: useMutation({ mutationFn: ({ id, ...body }: UserEdit & { id: string }) => ok(api.PATCH('/v1/users/{user_id}', { ...of(id), body })), onSuccess }),
    link: useMutation({ mutationFn: (id: string) => ok(api.POST('/v1/users/{user_id}/password-link', of(id))) }),
    takeFactor: useMutation({ mutationFn: (id: string) => ok(api.POST('/v1/users/{user_id}/second-factor/remove', of(id))), onSuccess }),
    endSessions: useMutation({ mutationFn: (id: string) => ok(api.DELETE('/v1/users/{user_id}/sessions', of(id))) }),
    addTeam: useMutation({
      mutationFn: (name: string) => ok(api.POST('/v1/teams', { body: { name } })),
      onSuccess: () => {
        void client.invalidateQueries({ queryKey: ['people'] })
        return client.invalidateQueries({ queryKey: teamsQuery.queryKey })
      },
    }),
  }
}

/** Changes of teams; each reads anew what shows them. */
export function useTeams() {
  const client = useQueryClient()
  const onSuccess = async () => {
    // Rows name the team of an issue, the navigation one's own.
    for (const queryKey of [['people'], ['issues'], ['issue'], issueKeys.counts]) void client.invalidateQueries({ queryKey })
    await Promise.all([teamsQuery, usersQuery].map(({ queryKey }) => client.invalidateQueries({ queryKey })))
  }
  const of = (id: string) => ({ path: { team_id: id } })
  const asRead = (version: number) => ({ 'If-Match': `"${version}"` })
  /** Shown at once; what the server says then is read in either case. */
  const shown = (isIn: boolean) => ({ team, user }: { team: string; user: string }) => {
    const change = (one: UserOut) => ({ ...one, team_ids: [...one.team_ids.filter((id) => id !== team), ...(isIn ? [team] : [])] })
    client.setQueryData(usersQuery.queryKey, (page) => page && { ...page, data: page.data.map((one) => (one.id === user ? change(one) : one)) })
  }
  const member = ({ team, user }: { team: string; user: string }) => ({ params: { path: { team_id: team, user_id: user } } })
  return {
    /** What would be of no team without it. */
    use: useMutation({ mutationFn: (id: string) => ok(api.GET('/v1/teams/{team_id}', { params: of(id) })) }),
    rename: useMutation({
      mutationFn: ({ id, name, version }: { id: string; name: string; version: number }) => ok(api.PATCH('/v1/teams/{team_id}', { params: { ...of(id), header: asRead(version) }, body: { name } })),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: ({ id, version }: TeamUse) => ok(api.DELETE('/v1/teams/{team_id}', { params: { ...of(id), header: asRead(version) } })), onSuccess }),
    put: useMutation({ mutationFn: (one: { team: string; user: string }) => ok(api.PUT('/v1/teams/{team_id}/members/{user_id}', member(one))), onMutate: shown(true), onSettled: onSuccess }),
    take: useMutation({ mutationFn: (one: { team: string; user: string }) => ok(api.DELETE('/v1/teams/{team_id}/members/{user_id}', member(one))), onMutate: shown(false), onSettled: onSuccess }),
  }
}

/** Changes of API keys; each reads the list anew. */
export function useKeys() {
  const client = useQueryClient()
  const onSuccess = () => client.invalidateQueries({ queryKey: keysQuery.queryKey })
  const of = (id: string) => ({ params: { path: { key_id: id } } })
  return {
    create: useMutation({ mutationFn: (body: KeyIn) => ok(api.POST('/v1/api-keys', { body })), onSuccess }),
    rotate: useMutation({
      mutationFn: ({ id, hours }: { id: string; hours: number }) => ok(api.POST('/v1/api-keys/{key_id}/rotate', { ...of(id), body: { overlap_hours: hours } })),
      onSuccess,
    }),
    revoke: useMutation({ mutationFn: (id: string) => ok(api.DELETE('/v1/api-keys/{key_id}', of(id))), onSuccess }),
  }
}
