import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { CustomerMergeOut } from '../schema'
import { whenBack } from '../whenBack'
import { customerQuery } from './customers'

/** Whom a customer may be merged into, likely duplicates first; without words the likely ones only. */
export const customerTargetsQuery = (id: string, words: string) =>
  queryOptions({
    queryKey: ['customer-merge-targets', id, words],
    queryFn: ({ signal }) => ok(api.GET('/v1/customers/{customer_id}/merge-targets', { params: { path: { customer_id: id }, query: { q: words } }, signal })),
    select: (page) => page.data,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })

/** Merges a record of a customer into another one, and takes it out again; both may be done twice. */
export function useMergingCustomers() {
  const client = useQueryClient()
  async function told(change: () => Promise<CustomerMergeOut>): Promise<CustomerMergeOut> {
    const answer = await whenBack(change)
    for (const each of [answer.customer, answer.into]) if (each) client.setQueryData(customerQuery(each.id).queryKey, each)
    // Whose an issue is is told in many places, as is who a customer is.
    for (const queryKey of [['customers'], ['issues'], ['issue'], ['customer-sentiment'], ['search']]) void client.invalidateQueries({ queryKey })
    return answer
  }
  const of = (id: string) => ({ params: { path: { customer_id: id } } })
  return {
    merge: (id: string, into: string) => told(() => ok(api.POST('/v1/customers/{customer_id}/merge', { ...of(id), body: { into } }))),
    takeOut: (id: string, outOf: string) => told(() => ok(api.POST('/v1/customers/{customer_id}/unmerge', { ...of(id), body: { out_of: outOf } }))),
  }
}
