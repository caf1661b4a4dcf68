import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'

/** Which files are taken; told before any is sent. */
export const fileRulesQuery = queryOptions({
  queryKey: ['file-rules'],
  queryFn: ({ signal }) => ok(api.GET('/v1/attachment-rules', { signal })),
  staleTime: Infinity,
})

/** A link that opens a file for a few minutes without a sign-in, with the address of this server. */
export async function linkTo(attachmentId: string): Promise<string> {
  const { url } = await ok(api.POST('/v1/attachments/{attachment_id}/link', { params: { path: { attachment_id: attachmentId } } }))
  return new URL(url, location.origin).href
}

/** Also while the page is left. */
export const removeFile = (attachmentId: string): Promise<unknown> =>
  ok(api.DELETE('/v1/attachments/{attachment_id}', { params: { path: { attachment_id: attachmentId } }, keepalive: true }))

/** Removes what an upload left in the draft, or keeps it from arriving. */
export const takeBackUpload = (issueId: string, key: string): Promise<unknown> =>
  ok(api.DELETE('/v1/issues/{issue_id}/uploads/{key}', { params: { path: { issue_id: issueId, key } }, keepalive: true }))
