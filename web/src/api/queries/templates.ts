import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'

/** Templates that may be used, up to 200. */
export const templatesQuery = queryOptions({
  queryKey: ['templates', 'active'],
  queryFn: ({ signal }) => ok(api.GET('/v1/templates', { params: { query: { active: true, limit: 200 } }, signal })),
  select: (page) => page.data,
  staleTime: 5 * 60_000,
})

/** A template filled for an issue; what is not known stands in square brackets and in `missing`. */
export const previewQuery = (templateId: string, issueId: string) =>
  queryOptions({
    queryKey: ['template-preview', templateId, issueId],
    queryFn: () => ok(api.POST('/v1/templates/{template_id}/preview', { params: { path: { template_id: templateId } }, body: { issue_id: issueId } })),
    staleTime: 60_000,
  })
