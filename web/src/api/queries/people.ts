import { queryOptions, type QueryClient } from '@tanstack/react-query'
import { AHEAD_MS, overlayComes, overlayStays } from '../../app/earlyKeys'
import { api, ok } from '../client'
import { queryClient } from '../queryClient'
import { whoAmI } from '../session'
import { meQuery } from './me'

/** Who may be given an issue, people and teams, and who of them one is oneself. */
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => ok(api.GET('/v1/issues/assignees', { signal })),
  staleTime: 5 * 60_000,
})

/** How somebody is called who was read before, or is oneself; a name from another desk is its own. */
export function nameOf(client: QueryClient, value: string): string {
  const me = client.getQueryData(meQuery.queryKey)
  return me?.id === value ? me.name : (client.getQueryData(peopleQuery.queryKey)?.data.find((person) => person.value === value)?.name ?? value)
}

/** A team, as far as it was read: whether one sees its issues is asked of what is known. */
export const teamOf = (client: QueryClient, id: string) => client.getQueryData(peopleQuery.queryKey)?.teams.find((team) => team.id === id)

/** Which of them one is oneself: the page stands because that is known, so it takes no list of people and no network. */
export const whichIsMe = (): Promise<string> => whoAmI().then((me) => me?.id ?? '')

/** Resolves once it is known who may be given an issue, with whether that was soon; keys pressed until then are for the list of them. `load`: what shows it. */
export async function whoMayTake(load: () => Promise<unknown>): Promise<boolean> {
  overlayComes()
  const since = performance.now()
  try {
    await Promise.all([load(), queryClient.ensureQueryData({ ...peopleQuery, retry: false, networkMode: 'always' })])
  } catch (error) {
    overlayStays()
    throw error
  }
  return performance.now() - since < AHEAD_MS
}

/** The plans that customers have, to narrow lists by. */
export const plansQuery = queryOptions({
  queryKey: ['plans'],
  queryFn: ({ signal }) => ok(api.GET('/v1/issues/plans', { signal })),
  staleTime: 5 * 60_000,
})
