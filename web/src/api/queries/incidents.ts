import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import { queryClient } from '../queryClient'
import type { IncidentOut } from '../schema'
import { queuedQuery } from './messages'

const EVERY_MS = 60_000
/** How long each of the replies to an incident can be taken back. */
export const UNDO_ALL_S = 30
/** So many issues are linked or answered with one request. */
export const MOST_REPLIES = 100

/** Open issues that look like one incident. */
export const clustersQuery = queryOptions({
  queryKey: ['incidents', 'clusters'],
  queryFn: ({ signal }) => ok(api.GET('/v1/incident-clusters', { signal })),
  select: (page) => page.data,
  refetchInterval: EVERY_MS,
  staleTime: EVERY_MS / 2,
})

export const incidentsQuery = queryOptions({
  // Read anew with the lists: an issue that changes may be one of an incident.
  queryKey: ['issues', 'incidents'],
  queryFn: ({ signal }) => ok(api.GET('/v1/incidents', { params: { query: { status: 'open', limit: 50 } }, signal })),
  select: (page) => page.data,
  staleTime: EVERY_MS,
})

/** The open incident that an issue belongs to. */
export const incidentOfQuery = (issueId: string) =>
  queryOptions({
    queryKey: [...incidentsQuery.queryKey, 'of', issueId],
    queryFn: ({ signal }) => ok(api.GET('/v1/incidents', { params: { query: { status: 'open', issue_id: issueId, limit: 1 } }, signal })),
    select: (page) => page.data[0] ?? null,
    staleTime: EVERY_MS,
  })

/** An incident of a list, where it has the oldest issues alone, with all of them as soon as they are there. */
export function useWhole(incident: IncidentOut, wanted = true): IncidentOut {
  const inPart = incident.issues.length < incident.issue_ids.length
  const { data } = useQuery({
    queryKey: [...incidentsQuery.queryKey, 'one', incident.id],
    queryFn: ({ signal }) => ok(api.GET('/v1/incidents/{incident_id}', { params: { path: { incident_id: incident.id } }, signal })),
    enabled: wanted && inPart,
  })
  return (inPart && data) || incident
}

/** What the customer of each open issue of an incident would get. */
export const replyPreviewQuery = (incidentId: string, body: string, issueIds?: string[]) =>
  queryOptions({
    queryKey: ['incidents', 'preview', incidentId, body, issueIds],
    queryFn: ({ signal }) => ok(api.POST('/v1/incidents/{incident_id}/reply-preview', { params: { path: { incident_id: incidentId } }, body: { body, issue_ids: issueIds ?? null }, signal })),
    select: (page) => page.data,
    placeholderData: (before) => before,
    // Whether it is known for each customer may change at any moment.
    staleTime: 0,
  })

const at = ({ id, version }: IncidentOut) => ({ path: { incident_id: id }, header: { 'If-Match': `"${version}"` } })

export function useIncidents() {
  const client = useQueryClient()
  const onSettled = () => {
    for (const queryKey of [incidentsQuery.queryKey, clustersQuery.queryKey]) void client.invalidateQueries({ queryKey })
  }
  const add = ({ id, issue_ids }: { id: string; issue_ids: string[] }) => ok(api.POST('/v1/incidents/{incident_id}/issues', { params: { path: { incident_id: id } }, body: { issue_ids } }))
  const addAll = async (id: string, issueIds: readonly string[]): Promise<IncidentOut | undefined> => {
    let made: IncidentOut | undefined
    for (let from = 0; from < issueIds.length; from += MOST_REPLIES) made = await add({ id, issue_ids: issueIds.slice(from, from + MOST_REPLIES) })
    return made
  }
  return {
    create: useMutation({
      mutationFn: async ({ key, title, issue_ids }: { title: string; issue_ids: string[]; key: string }) => {
        const body = { title, issue_ids: issue_ids.slice(0, MOST_REPLIES) }
        const made = await ok(api.POST('/v1/incidents', { params: { header: { 'Idempotency-Key': key } }, body }))
        return (await addAll(made.id, issue_ids.slice(MOST_REPLIES))) ?? made
      },
      onSettled,
    }),
    add: useMutation({
      mutationFn: ({ id, issue_ids }: { id: string; issue_ids: string[] }) => addAll(id, issue_ids),
      onSettled,
    }),
    edit: useMutation({
      mutationFn: ({ incident, ...body }: { incident: IncidentOut; title?: string; status?: 'open' | 'closed' }) => ok(api.PATCH('/v1/incidents/{incident_id}', { params: at(incident), body })),
      onSettled,
    }),
    unlink: useMutation({
      mutationFn: ({ id, issueId }: { id: string; issueId: string }) => ok(api.DELETE('/v1/incidents/{incident_id}/issues/{issue_id}', { params: { path: { incident_id: id, issue_id: issueId } } })),
      onSettled,
    }),
  }
}

const renew = (incidentId: string, issueIds: readonly string[]): void => {
  for (const queryKey of [incidentsQuery.queryKey, ['incidents', 'preview', incidentId]]) void queryClient.invalidateQueries({ queryKey })
  for (const id of issueIds) void queryClient.invalidateQueries({ queryKey: queuedQuery(id).queryKey })
}

type ToAll = { key: string; body: string; then: string; issueIds: string[]; again: boolean }

/** Queues one reply for each of the issues, under a key that makes it arrive once. */
export const sendToAll = (incidentId: string, { key, body, then, issueIds, again }: ToAll, signal: AbortSignal) =>
  ok(api.POST('/v1/incidents/{incident_id}/replies', {
    params: { path: { incident_id: incidentId }, header: { 'Idempotency-Key': key } }, signal,
    body: { body, issue_ids: issueIds, delay_s: UNDO_ALL_S, again, then_status: then === 'stay' ? null : (then as 'pending' | 'resolved') },
  })).finally(() => renew(incidentId, issueIds))

/** Removes what waits of the replies that went under a key; names the issues whose reply waits no longer. */
export const takeBackFromAll = (incidentId: string, { key, issueIds }: ToAll) =>
  ok(api.POST('/v1/incidents/{incident_id}/replies/take-back', { params: { path: { incident_id: incidentId } }, body: { key, issue_ids: issueIds } }))
    .finally(() => renew(incidentId, issueIds))
