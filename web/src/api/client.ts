import createClient from 'openapi-fetch'
import { errorOf } from './errors'
import { apiFetch } from './fetch'
import type { paths } from './schema'
import { askAgain, refusedSince, sessionSeen, whoAmI } from './session'

/** A password or code that was asked for within a session was not right: the session goes on. */
const WRONG_SECRET = 'sign_in_failed'

/**
 * Every call to the API: changes carry the token of the session, taken anew once when it was refused. A call without
 * a session asks to sign in over the page, which stays as it is.
 */
export async function call(request: Request): Promise<Response> {
  const changes = request.method !== 'GET'
  const again = changes ? request.clone() : undefined
  const seen = sessionSeen()
  let response = await apiFetch(changes ? withToken(request, (await whoAmI())?.csrf_token) : request)
  if (again && response.status === 403 && (await codeOf(response)).startsWith('csrf')) {
    response = await apiFetch(withToken(again, (await askAgain())?.csrf_token))
  }
  if (response.status === 401 && (await codeOf(response)) !== WRONG_SECRET) refusedSince(seen)
  return response
}

function withToken(request: Request, token: string | null | undefined): Request {
  if (token) request.headers.set('X-CSRF-Token', token)
  return request
}

async function codeOf(response: Response): Promise<string> {
  const problem = (await response.clone().json().catch(() => ({}))) as { code?: string }
  return problem.code ?? ''
}

export const api = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin', fetch: call })

/** The body of an answer; throws `ApiError` for a refusal and `OfflineError` when there was no answer. */
export async function ok<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer
  if (!response.ok) throw errorOf(response.status, error)
  return data as T
}
