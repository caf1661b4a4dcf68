import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { DeliveryOut, WebhookEdit, WebhookIn, WebhookOut } from '../schema'

export type DeliveryStatus = DeliveryOut['status']

const ALL = 200
/** Deliveries go out by themselves: what is shown of them is not older. */
const FRESH_MS = 5_000
const keys = { all: ['webhooks'] as const, one: (id: string) => ['webhook', id] as const, deliveries: (id: string) => ['webhook-deliveries', id] as const }

export const webhooksQuery = queryOptions({
  queryKey: keys.all,
  queryFn: ({ signal }) => ok(api.GET('/v1/webhooks', { params: { query: { limit: ALL } }, signal })),
  select: (page) => page.data,
})

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => ok(api.GET('/v1/webhooks/{webhook_id}', { params: { path: { webhook_id: id } }, signal })),
    refetchInterval: FRESH_MS,
  })

export const deliveriesQuery = (id: string, status: DeliveryStatus | undefined) =>
  infiniteQueryOptions({
    queryKey: [...keys.deliveries(id), status ?? 'all'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ok(api.GET('/v1/webhooks/{webhook_id}/deliveries', { params: { path: { webhook_id: id }, query: { limit: 25, cursor: pageParam, ...(status && { status: [status] }) } }, signal })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: FRESH_MS,
  })

export function useAddWebhook() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ key, ...body }: WebhookIn & { key: string }) => ok(api.POST('/v1/webhooks', { params: { header: { 'Idempotency-Key': key } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  })
}

/** What is done to one webhook, as it was read: an edit of somebody else in between is not overwritten. */
export function useWebhook({ id, version }: Pick<WebhookOut, 'id' | 'version'>) {
  const client = useQueryClient()
  const path = { webhook_id: id }
  const keep = (changed: WebhookOut) => {
    client.setQueryData(keys.one(id), changed)
    void client.invalidateQueries({ queryKey: keys.all })
    return client.invalidateQueries({ queryKey: keys.deliveries(id) })
  }
  const deliveries = () => client.invalidateQueries({ queryKey: keys.deliveries(id) })
  return {
    edit: useMutation({
      mutationFn: (body: WebhookEdit) => ok(api.PATCH('/v1/webhooks/{webhook_id}', { params: { path, header: { 'If-Match': `"${version}"` } }, body })),
      onSuccess: keep,
    }),
    rotate: useMutation({
      mutationFn: (hours: number) => ok(api.POST('/v1/webhooks/{webhook_id}/rotate', { params: { path }, body: { overlap_hours: hours } })),
      onSuccess: (made) => keep(made.webhook),
    }),
    resume: useMutation({ mutationFn: () => ok(api.POST('/v1/webhooks/{webhook_id}/resume', { params: { path } })), onSuccess: keep }),
    remove: useMutation({
      mutationFn: () => ok(api.DELETE('/v1/webhooks/{webhook_id}', { params: { path } })),
      onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
    }),
    test: useMutation({ mutationFn: () => ok(api.POST('/v1/webhooks/{webhook_id}/test', { params: { path } })), onSuccess: deliveries }),
    redeliver: useMutation({
      mutationFn: (delivery: string) => ok(api.POST('/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver', { params: { path: { ...path, delivery_id: delivery } } })),
      onSuccess: deliveries,
    }),
  }
}
