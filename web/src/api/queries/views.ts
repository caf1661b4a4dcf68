import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { readSearch, type InboxSearch, type ViewName } from '../../features/inbox/views'
import { api, ok } from '../client'
import type { SavedViewEdit, SavedViewIn, SavedViewOut, ViewFilters } from '../schema'
import { SORTS } from './issues'

/** One's own views and those that others share; read anew with the lists, as its counts change with them. */
export const viewsQuery = queryOptions({
  queryKey: ['issues', 'views'],
  queryFn: ({ signal }) => ok(api.GET('/v1/views', { signal })),
  select: (page) => page.data,
  staleTime: 60_000,
})

/** Filters as the server keeps them. */
export function filtersOf(view: ViewName, { sort, ...search }: InboxSearch): ViewFilters {
  const { status = [], severity = [], channel = null, assignee = null, team_id = null, tag = null, plan = [], sla = null, risk = [], q = null } = search
  return { view, status, severity, channel, assignee, team_id, tag, plan, sla, risk, q, sort: sort ? SORTS[sort] : null }
}

/** Where a view is, in the address of the inbox. */
export function placeOf({ filters: { view = 'all', sort, ...filters } }: SavedViewOut): { view: ViewName; search: InboxSearch } {
  const name = Object.entries(SORTS).find(([, value]) => value === sort)?.[0]
  return { view, search: readSearch({ ...filters, sort: name }) }
}

export function useViews() {
  const client = useQueryClient()
  const onSuccess = () => client.invalidateQueries({ queryKey: viewsQuery.queryKey })
  const at = (id: string) => ({ path: { view_id: id } })
  return {
    save: useMutation({ mutationFn: (body: SavedViewIn) => ok(api.POST('/v1/views', { body })), onSuccess }),
    edit: useMutation({ mutationFn: ({ id, ...body }: SavedViewEdit & { id: string }) => ok(api.PATCH('/v1/views/{view_id}', { params: at(id), body })), onSuccess }),
    remove: useMutation({ mutationFn: (id: string) => ok(api.DELETE('/v1/views/{view_id}', { params: at(id) })), onSuccess }),
    order: useMutation({
      mutationFn: (ids: string[]) => ok(api.PUT('/v1/view-order', { body: { ids } })),
      onSuccess: (page) => client.setQueryData(viewsQuery.queryKey, page),
    }),
  }
}
