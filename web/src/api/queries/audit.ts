import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'

/** What is looked for in the trail; stands in the address. Days are `2026-03-31`, both included. */
export type AuditSearch = { action?: string; actor?: string; target?: string; outcome?: 'done' | 'refused' | 'failed'; from?: string; to?: string; reads?: 'shown' }

const DAY = /^\d{4}-\d{2}-\d{2}$/
const SHORT = /^.{1,80}$/
const FORMS: Record<keyof AuditSearch, RegExp> = { action: SHORT, actor: SHORT, target: SHORT, outcome: /^(done|refused|failed)$/, from: DAY, to: DAY, reads: /^shown$/ }

/** What of an address can be used; anything else in it is dropped. */
export const readAuditSearch = (raw: Record<string, unknown>): AuditSearch =>
  Object.fromEntries(Object.entries(FORMS).flatMap(([name, form]) => (typeof raw[name] === 'string' && form.test(raw[name]) ? [[name, raw[name]]] : [])))

const DAY_MS = 86_400_000

/** The filters as the API takes them. */
export const auditFilter = ({ from, to, reads, ...rest }: AuditSearch) => ({
  ...rest,
  // Each list that is opened is one: they would fill the page. Whoever asks for them by name has them.
  ...(!reads && !rest.action?.endsWith('.read_in_bulk') && { reads: false }),
  ...(from && { occurred_after: new Date(`${from}T00:00:00`).toISOString() }),
  ...(to && { occurred_before: new Date(Date.parse(`${to}T00:00:00`) + DAY_MS).toISOString() }),
})

export const auditQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ['audit', search],
    staleTime: 0,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => ok(api.GET('/v1/audit', { params: { query: { ...auditFilter(search), limit: 50, cursor: pageParam } }, signal })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** What was done so far, each action once. */
export const actionsQuery = queryOptions({ queryKey: ['audit-actions'], queryFn: ({ signal }) => ok(api.GET('/v1/audit/actions', { signal })), staleTime: 60_000 })

/** A walk along the whole trail, which takes a while: asked for only when somebody wants it. */
export const verificationQuery = queryOptions({
  queryKey: ['audit-verification'],
  queryFn: ({ signal }) => ok(api.GET('/v1/audit/verification', { signal })),
  enabled: false,
  gcTime: Infinity,
})

/** The address of a download of all events that match. */
export function exportAddress(search: AuditSearch, format: 'csv' | 'jsonl'): string {
  const words = new URLSearchParams({ ...Object.fromEntries(Object.entries(auditFilter(search)).map(([name, value]) => [name, String(value)])), format })
  return `/v1/audit/export?${words.toString()}`
}
