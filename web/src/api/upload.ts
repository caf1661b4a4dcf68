import { ApiError, OfflineError, errorOf } from './errors'
import type { AttachmentOut } from './schema'
import { whoAmI } from './session'

/**
 * Sends a file with the draft of an issue. Not by `fetch`, which does not tell how much of a body has been sent.
 * Throws `ApiError` when it is refused and `OfflineError` when there is no answer.
 */
export async function sendFile(issueId: string, file: File, key: string, onPart: (share: number) => void, signal: AbortSignal): Promise<AttachmentOut> {
  const token = (await whoAmI())?.csrf_token
  const form = new FormData()
  form.set('issue_id', issueId)
  form.set('draft', 'true')
  form.set('file', file)
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/v1/attachments')
    request.responseType = 'json'
    request.setRequestHeader('Idempotency-Key', key)
    if (token) request.setRequestHeader('X-CSRF-Token', token)
    request.upload.onprogress = ({ loaded, total }) => onPart(total ? loaded / total : 0)
    request.onload = () => {
      if (request.status === 201) resolve(request.response as AttachmentOut)
      // A server in front of ours may answer a body that is too large without one of our problems.
      else reject(request.response ? errorOf(request.status, request.response) : new ApiError({ status: request.status }))
    }
    request.onerror = () => reject(new OfflineError())
    request.onabort = () => reject(new DOMException('', 'AbortError'))
    signal.addEventListener('abort', () => request.abort())
    request.send(form)
  })
}
