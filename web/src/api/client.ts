import type { Client } from 'openapi-fetch'
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

type Asked = RequestInit & { params?: { path?: Record<string, string>; query?: object; header?: Record<string, string> } }

/**
 * The calls of openapi-fetch, whose types these are, without what nothing here asks for: other forms of bodies and
 * queries, and what may stand between. It is in the first load, where each kilobyte counts.
 */
const asks = (method: string) => async (path: string, { params = {}, body, ...rest }: Asked = {}) => {
  const address = new URL(path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params.path?.[name] ?? '')), location.origin)
  for (const [name, value] of Object.entries(params.query ?? {})) {
    for (const one of [value].flat() as unknown[]) if (one !== undefined && one !== null) address.searchParams.append(name, String(one))
  }
  const headers = { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...params.header }
  const sent = body === undefined ? null : JSON.stringify(body)
  const response = await call(new Request(address, { method, headers, body: sent, credentials: 'same-origin', ...rest }))
  const said = await response.text()
  const [data, error] = response.ok ? [said ? JSON.parse(said) as unknown : undefined] : [undefined, readable(said)]
  return { data, error, response }
}

function readable(said: string): unknown {
  try {
    return JSON.parse(said)
  } catch {
    return said
  }
}

export const api = {
  GET: asks('GET'), POST: asks('POST'), PUT: asks('PUT'), PATCH: asks('PATCH'), DELETE: asks('DELETE'),
} as unknown as Client<paths>

/** The body of an answer; throws `ApiError` for a refusal and `OfflineError` when there was no answer. */
export async function ok<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer
  if (!response.ok) throw errorOf(response.status, error)
  return data as T
}
