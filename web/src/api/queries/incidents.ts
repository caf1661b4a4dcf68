import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { IncidentOut, IncidentReplyIn, QueuedMessageOut } from '../schema'
import { queuedQuery } from './messages'

const EVERY_MS = 60_000
/** How long each of the replies to an incident can be taken back. */
export const UNDO_ALL_S = 30

/** Open issues that look like one incident. */
export const clustersQuery = queryOptions({
  queryKey: ['incidents', 'clusters'],
  queryFn: ({ signal }) => ok(api.GET('/v1/incident-clusters', { signal })),
  select: (page) => page.data,
  refetchInterval: EVERY_MS,
  staleTime: EVERY_MS / 2,
})

export const incidentsQuery = queryOptions({
  queryKey: ['incidents', 'open'],
  queryFn: ({ signal }) => ok(api.GET('/v1/incidents', { params: { query: { status: 'open', limit: 50 } }, signal })),
  select: (page) => page.data,
  staleTime: EVERY_MS,
})

/** What the customer of each open issue of an incident would get. */
export const replyPreviewQuery = (incidentId: string, body: string) =>
  queryOptions({
    queryKey: ['incidents', 'preview', incidentId, body],
    queryFn: ({ signal }) => ok(api.POST('/v1/incidents/{incident_id}/reply-preview', { params: { path: { incident_id: incidentId } }, body: { body }, signal })),
    select: (page) => page.data,
    enabled: body.trim() !== '',
    placeholderData: (before) => before,
    staleTime: 0,
  })

const at = ({ id, version }: IncidentOut) => ({ path: { incident_id: id }, header: { 'If-Match': `"${version}"` } })

export function useIncidents() {
  const client = useQueryClient()
  const onSettled = () => client.invalidateQueries({ queryKey: ['incidents'] })
  return {
    create: useMutation({
      mutationFn: ({ key, ...body }: { title: string; issue_ids: string[]; key: string }) => ok(api.POST('/v1/incidents', { params: { header: { 'Idempotency-Key': key } }, body })),
      onSettled,
    }),
    add: useMutation({
      mutationFn: ({ id, issue_ids }: { id: string; issue_ids: string[] }) => ok(api.POST('/v1/incidents/{incident_id}/issues', { params: { path: { incident_id: id } }, body: { issue_ids } })),
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
  return { send, takeBack }
}
