import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { PageQueuedMessageOut, QueuedMessageIn, QueuedMessageOut } from '../schema'
import { panelQuery } from './panel'
import { attachmentsQuery, issueKeys, refreshLists, type Message } from './issues'

/** How long a reply can be taken back. */
export const UNDO_S = 8

export const queuedQuery = (id: string) =>
  queryOptions({
    queryKey: ['queued', id],
    queryFn: ({ signal }) => ok(api.GET('/v1/issues/{issue_id}/queued-messages', { params: { path: { issue_id: id } }, signal })),
    select: (page) => page.data,
  })

/** Changes which replies are shown as waiting; an answer under way that knows nothing of it comes too late. */
async function setWaiting(client: QueryClient, id: string, change: (waiting: readonly QueuedMessageOut[]) => QueuedMessageOut[]): Promise<void> {
  const { queryKey } = queuedQuery(id)
  await client.cancelQueries({ queryKey })
  client.setQueryData<PageQueuedMessageOut>(queryKey, (page) => ({ next_cursor: null, data: change(page?.data ?? []) }))
  void client.invalidateQueries({ queryKey })
}

/** Gives a reply to the server, which sends it in a moment whether this page is still open or not. */
export function useQueueReply(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ key, ...body }: QueuedMessageIn & { key: string }) =>
      ok(api.POST('/v1/issues/{issue_id}/queued-messages', { params: { path: { issue_id: id }, header: { 'Idempotency-Key': key } }, body })),
    onSuccess: async (queued) => {
      await setWaiting(client, id, (waiting) => [...waiting.filter((one) => one.id !== queued.id), queued])
      if (queued.attachment_ids.length) void client.invalidateQueries({ queryKey: attachmentsQuery(id).queryKey })
    },
    // Without an answer it may be there all the same.
    onError: () => { void client.invalidateQueries({ queryKey: queuedQuery(id).queryKey }) },
  })
}

export function useTakeBack(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (queued: QueuedMessageOut) => ok(api.DELETE('/v1/queued-messages/{queued_id}', { params: { path: { queued_id: queued.id } } })),
    onSuccess: (_taken, { id: gone }) => setWaiting(client, id, (waiting) => waiting.filter((one) => one.id !== gone)),
    onSettled: () => {
      for (const key of [queuedQuery(id).queryKey, issueKeys.messages(id), attachmentsQuery(id).queryKey]) void client.invalidateQueries({ queryKey: key })
    },
  })
}

export function useAddNote(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ key, body, files }: { key: string; body: string; files: string[] }) =>
      ok(api.POST('/v1/issues/{issue_id}/messages', {
        params: { path: { issue_id: id }, header: { 'Idempotency-Key': key } }, body: { author: 'agent', visibility: 'internal', body, attachment_ids: files },
      })),
    onSuccess: ({ message, panel }) => {
      client.setQueryData<Message[]>(issueKeys.messages(id), (messages) => [...(messages ?? []).filter((one) => one.id !== message.id), message])
      client.setQueryData(panelQuery(id).queryKey, panel)
      void client.invalidateQueries({ queryKey: attachmentsQuery(id).queryKey })
      void client.invalidateQueries({ queryKey: issueKeys.one(id) })
      refreshLists(client)
    },
  })
}

export function useResolve(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (text: string) => ok(api.POST('/v1/issues/{issue_id}/resolve', { params: { path: { issue_id: id } }, body: { resolution: { text } } })),
    onSuccess: (issue) => {
      client.setQueryData(issueKeys.one(id), issue)
      refreshLists(client)
    },
  })
}
