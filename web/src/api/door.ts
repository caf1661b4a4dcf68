import { errorOf } from './errors'
import { apiFetch } from './fetch'
import type { LoginRequest } from './schema'
import { askAgain, signedIn, whoAmI } from './session'

/** Throws `ApiError`, with the code `second_factor_required` when a code is asked for besides. */
export async function signIn(given: Omit<LoginRequest, 'use'>): Promise<void> {
  const headers = { 'Content-Type': 'application/json' }
  const body = JSON.stringify({ ...given, use: 'cookie' })
  const response = await apiFetch(new Request(new URL('/v1/auth/login', location.origin), { method: 'POST', headers, body, credentials: 'same-origin' }))
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => ({})), response.headers)
  signedIn()
  // Whoever has signed in goes on, also when the server is slow to say who that was.
  await askAgain().catch(() => undefined)
}

/** Ends the session; throws `ApiError` where it may go on, so that nobody believes it has ended. */
export async function signOut(): Promise<void> {
  const token = (await whoAmI())?.csrf_token ?? ''
  const response = await apiFetch(new Request(new URL('/v1/auth/logout', location.origin), { method: 'POST', headers: { 'X-CSRF-Token': token }, credentials: 'same-origin' }))
  // Without a session there is none to end.
  if (!response.ok && response.status !== 401) throw errorOf(response.status, await response.json().catch(() => ({})))
}
