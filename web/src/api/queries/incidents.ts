import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { IncidentOut, IncidentReplyIn, QueuedMessageOut } from '../schema'
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

/** An incident with all of its issues; a list has the oldest of each. */
export const incidentQuery = (incidentId: string) =>
  queryOptions({
    queryKey: ['incidents', 'one', incidentId],
    queryFn: ({ signal }) => ok(api.GET('/v1/incidents/{incident_id}', { params: { path: { incident_id: incidentId } }, signal })),
  })

/** What the customer of each open issue of an incident would get. */
export const replyPreviewQuery = (incidentId: string, body: string, issueIds?: string[]) =>
  queryOptions({
    queryKey: ['incidents', 'preview', incidentId, body, issueIds],
    queryFn: ({ signal }) => ok(api.POST('/v1/incidents/{incident_id}/reply-preview', { params: { path: { incident_id: incidentId } }, body: { body, issue_ids: issueIds ?? null }, signal })),
    select: (page) => page.data,
    enabled: body.trim() !== '',
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

/** Queues one reply for each of the issues; `takeBack` removes those that still wait and says how many there were. */
export function useReplyToAll(incidentId: string) {
  const client = useQueryClient()
  const renew = (issueIds: readonly string[]) => { for (const id of issueIds) void client.invalidateQueries({ queryKey: queuedQuery(id).queryKey }) }
  const send = useMutation({
    mutationFn: ({ key, ...body }: IncidentReplyIn & { key: string }) =>
      ok(api.POST('/v1/incidents/{incident_id}/replies', { params: { path: { incident_id: incidentId }, header: { 'Idempotency-Key': key } }, body })),
    onSettled: (_done, _error, { issue_ids }) => renew(issue_ids),
  })
  const takeBack = async (queued: readonly QueuedMessageOut[]): Promise<number> => {
    const answers = await Promise.allSettled(queued.map(({ id }) => ok(api.DELETE('/v1/queued-messages/{queued_id}', { params: { path: { queued_id: id } } }))))
    renew(queued.map((one) => one.issue_id))
    return answers.filter(({ status }) => status === 'fulfilled').length
  }
  const waiting = async (issueIds: readonly string[]): Promise<QueuedMessageOut[]> =>
    (await Promise.all(issueIds.map((id) => client.fetchQuery({ ...queuedQuery(id), staleTime: 0 })))).flatMap((page) => page.data)
  return { send, takeBack, waiting }
}
