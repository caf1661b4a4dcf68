import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { InboxSearch } from '../../features/inbox/views'
import { api, ok } from '../client'
import type { CustomerEdit, CustomerOut } from '../schema'

export const HISTORY = 100

/** How customers are listed, as it stands in the address; without an order the newest come first, or those that fit best. */
export type CustomersSearch = { q?: string | undefined; sort?: string | undefined }
export const SORTS = ['newest', 'oldest'] as const
export type CustomersOrder = (typeof SORTS)[number]

export const customersQuery = (q: string | undefined, sort: CustomersOrder | undefined) => infiniteQueryOptions({
  queryKey: ['customers', { q, sort }],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) => ok(api.GET('/v1/customers', { params: { query: { limit: 50, cursor: pageParam, q, sort } }, signal })),
  getNextPageParam: (page) => page.next_cursor ?? undefined,
  placeholderData: keepPreviousData,
})

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id],
    queryFn: ({ signal }) => ok(api.GET('/v1/customers/{customer_id}', { params: { path: { customer_id: id } }, signal })),
  })

/** The newest issues of a customer. */
export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ['issues', 'of-customer', id],
    queryFn: ({ signal }) => ok(api.GET('/v1/issues', { params: { query: { customer_id: id, limit: HISTORY } }, signal })),
  })

/** What narrows the history of a customer, as it stands in the address. */
export type HistorySearch = Pick<InboxSearch, 'status' | 'severity' | 'q'>

/** The issues of a customer that fit, newest first, page by page. */
export const narrowedHistoryQuery = (id: string, { status, severity, q }: HistorySearch) =>
  infiniteQueryOptions({
    queryKey: ['issues', 'of-customer', id, { status, severity, q }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => ok(api.GET('/v1/issues', { params: { query: { customer_id: id, limit: 25, status, severity, q, cursor: pageParam } }, signal })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })

/** How their newest messages sound, oldest first. */
export const customerSentimentQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer-sentiment', id],
    queryFn: ({ signal }) => ok(api.GET('/v1/customers/{customer_id}/sentiment', { params: { path: { customer_id: id } }, signal })),
    select: (page) => page.data,
  })

/** Edits a customer as they were read: what somebody else changed meanwhile is not overwritten. */
export function useEditCustomer(customer: CustomerOut) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (edit: CustomerEdit) =>
      ok(api.PATCH('/v1/customers/{customer_id}', { params: { path: { customer_id: customer.id }, header: { 'If-Match': `"${customer.version}"` } }, body: edit })),
    onSuccess: (changed) => client.setQueryData(customerQuery(customer.id).queryKey, changed),
    onError: () => void client.invalidateQueries({ queryKey: customerQuery(customer.id).queryKey }),
  })
}

/** Edits who a customer is, as they were read; names and companies are told in many places. */
export function useProfileEdit() {
  const client = useQueryClient()
  return async (customer: CustomerOut, edit: CustomerEdit): Promise<CustomerOut> => {
    const { queryKey } = customerQuery(customer.id)
    try {
      const changed = await ok(api.PATCH('/v1/customers/{customer_id}', { params: { path: { customer_id: customer.id }, header: { 'If-Match': `"${customer.version}"` } }, body: edit }))
      client.setQueryData(queryKey, changed)
      for (const told of [['customers'], ['issues'], ['issue'], ['search']]) void client.invalidateQueries({ queryKey: told })
      return changed
    } catch (error) {
      await client.invalidateQueries({ queryKey })
      throw error
    }
  }
}
