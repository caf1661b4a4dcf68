import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { TemplateEdit, TemplateIn } from '../schema'

/** All templates, archived ones too, page by page. */
export const allTemplatesQuery = infiniteQueryOptions({
  queryKey: ['templates', 'all'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) => ok(api.GET('/v1/templates', { params: { query: { limit: 200, cursor: pageParam } }, signal })),
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: ['template', id],
    queryFn: ({ signal }) => ok(api.GET('/v1/templates/{template_id}', { params: { path: { template_id: id } }, signal })),
  })

/** A text that is not stored, filled for an issue or for nobody. */
export const textPreviewQuery = (body: string, issueId: string | undefined) =>
  queryOptions({
    queryKey: ['template-text', body, issueId],
    queryFn: ({ signal }) => ok(api.POST('/v1/templates/preview', { body: { body, ...(issueId && { issue_id: issueId }) }, signal })),
    enabled: body.trim() !== '',
    retry: false,
    staleTime: 60_000,
  })

/** Recent issues to try a template on. */
export const recentIssuesQuery = queryOptions({
  queryKey: ['template-issues'],
  queryFn: ({ signal }) => ok(api.GET('/v1/issues', { params: { query: { limit: 20 } }, signal })),
  select: (page) => page.data,
  staleTime: 5 * 60_000,
})

/** Stores a new template, or changes one unless somebody else did meanwhile. */
export function useSaveTemplate() {
  const client = useQueryClient()
  const onSuccess = () => client.invalidateQueries({ predicate: ({ queryKey }) => /^template/.test(String(queryKey[0])) })
  return {
    create: useMutation({ mutationFn: (body: TemplateIn) => ok(api.POST('/v1/templates', { body })), onSuccess }),
    edit: useMutation({
      mutationFn: ({ id, version, ...body }: TemplateEdit & { id: string; version?: number }) =>
        ok(api.PATCH('/v1/templates/{template_id}', { params: { path: { template_id: id }, header: version ? { 'If-Match': `"${version}"` } : {} }, body })),
      onSuccess,
    }),
  }
}
