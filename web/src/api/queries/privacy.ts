import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { PrivacyRequestOut, RetentionRuleOut } from '../schema'

export type RequestKind = PrivacyRequestOut['kind']
export type Rules = Partial<Record<RetentionRuleOut['kind'], number | null>>
const isRunning = (request: PrivacyRequestOut) => request.status === 'queued' || request.status === 'running'

/** The newest 100 requests; asked again while one of them is being worked on. */
export const privacyRequestsQuery = queryOptions({
  queryKey: ['privacy', 'requests'],
  queryFn: ({ signal }) => ok(api.GET('/v1/privacy/requests', { params: { query: { limit: 100 } }, signal })),
  select: (page) => page.data,
  refetchInterval: ({ state }) => (state.data?.data.some(isRunning) ? 1500 : false),
})

export const holdsQuery = queryOptions({
  queryKey: ['privacy', 'holds'],
  queryFn: ({ signal }) => ok(api.GET('/v1/privacy/retention/holds', { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.data,
})

export const retentionQuery = queryOptions({
  queryKey: ['privacy', 'retention'],
  queryFn: ({ signal }) => ok(api.GET('/v1/privacy/retention', { signal })),
})

/** Customers by name, address, phone or id. */
export const findCustomerQuery = (words: string) =>
  queryOptions({
    queryKey: ['privacy', 'find', words],
    queryFn: ({ signal }) => ok(api.GET('/v1/search', { params: { query: { q: words, kind: ['customer'], limit: 8 } }, signal })),
    select: (page) => page.data,
    enabled: words.length > 1,
  })

/** What may be asked about one customer, and changes of what is kept. */
export function usePrivacy() {
  const client = useQueryClient()
  const onSuccess = () => client.invalidateQueries({ queryKey: ['privacy'] })
  return {
    ask: useMutation({
      mutationFn: ({ kind, id }: { kind: RequestKind; id: string }) => ok(api.POST(PATHS[kind], { body: { customer_id: id } })),
      onSuccess,
    }),
    hold: useMutation({
      mutationFn: ({ id, reason }: { id: string; reason: string }) => ok(api.POST('/v1/privacy/retention/holds', { body: { customer_id: id, reason } })),
      onSuccess,
    }),
    release: useMutation({ mutationFn: (id: string) => ok(api.POST('/v1/privacy/retention/holds/{hold_id}/release', { params: { path: { hold_id: id } } })), onSuccess }),
    preview: useMutation({ mutationFn: (rules: Rules) => ok(api.PUT('/v1/privacy/retention', { params: { query: { dry_run: true } }, body: { rules } })) }),
    keep: useMutation({ mutationFn: (rules: Rules) => ok(api.PUT('/v1/privacy/retention', { body: { rules } })), onSuccess }),
  }
}

const PATHS = { export: '/v1/privacy/exports', anonymization: '/v1/privacy/anonymizations', erasure: '/v1/privacy/erasures' } as const
