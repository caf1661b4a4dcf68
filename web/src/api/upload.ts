import { ApiError, OfflineError, errorOf } from './errors'
import type { AttachmentOut, Problem } from './schema'
import { askAgain, refusedSince, sessionSeen, whoAmI } from './session'

type Given = { issueId: string; part: 'reply' | 'note'; file: File; key: string; onPart: (share: number) => void; signal: AbortSignal }
type Answer = { status: number; body: AttachmentOut | Partial<Problem> | null }

/**
 * Sends a file with the draft of an issue. Not by `fetch`, which does not tell how much of a body has been sent; who is
 * not signed in any more, or whose token is old, is treated as by `call`. Throws `ApiError` when it is refused and
 * `OfflineError` when there is no answer.
 */
export async function sendFile(given: Given): Promise<AttachmentOut> {
  const seen = sessionSeen()
  let answer = await post(given, (await whoAmI())?.csrf_token)
  const { code = '' } = (answer.body ?? {}) as Partial<Problem>
  if (answer.status === 403 && code.startsWith('csrf')) answer = await post(given, (await askAgain())?.csrf_token)
  if (answer.status === 201) return answer.body as AttachmentOut
  if (answer.status === 401) refusedSince(seen)
  // A server in front of ours may refuse a body that is too large without one of our problems.
  throw answer.body ? errorOf(answer.status, answer.body) : new ApiError({ status: answer.status })
}

function post({ issueId, part, file, key, onPart, signal }: Given, token: string | null | undefined): Promise<Answer> {
  const form = new FormData()
  form.set('issue_id', issueId)
  form.set('draft', part)
  form.set('file', file)
  return new Promise((resolve, reject) => {
    const stop = () => {
      request.abort()
      reject(new DOMException('', 'AbortError'))
    }
    const request = new XMLHttpRequest()
    request.open('POST', '/v1/attachments')
    request.responseType = 'json'
    request.setRequestHeader('Idempotency-Key', key)
    if (token) request.setRequestHeader('X-CSRF-Token', token)
    request.upload.onprogress = ({ loaded, total }) => onPart(total ? loaded / total : 0)
    request.onload = () => resolve({ status: request.status, body: request.response as Answer['body'] })
    request.onerror = () => reject(new OfflineError())
    if (signal.aborted) stop()
    else {
      signal.addEventListener('abort', stop)
      request.send(form)
    }
  })
}
