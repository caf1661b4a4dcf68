import { apiFetch } from './fetch'
import type { MeOut } from './schema'

/**
 * Who works here. The session itself is a cookie that scripts cannot read; what they have is the token that goes with
 * every change, so that no other site can make one.
 */
export type Me = MeOut

let me: Promise<Me | undefined> | undefined
let known: Me | undefined
let wasSignedIn = false
const listeners = new Set<() => void>()
const meListeners = new Set<(me: Me) => void>()
let signedOut = false

/** Asks once who is signed in; undefined when nobody is. */
export function whoAmI(): Promise<Me | undefined> {
  me ??= apiFetch(new Request(new URL('/v1/auth/me', location.origin), { credentials: 'same-origin' }))
    .then(async (response) => {
      setSignedOut(response.status === 401)
      wasSignedIn ||= response.ok
      if (!response.ok) return undefined
      const answer = (await response.json()) as Me
      known = answer
      for (const listener of meListeners) listener(answer)
      return answer
    })
    .catch((error: unknown) => {
      me = undefined
      throw error
    })
  return me
}

/** Calls with who works here, now if that is known, and each time that the server has told it. */
export function onMe(listener: (me: Me) => void): void {
  meListeners.add(listener)
  if (known) listener(known)
}

/** Asks again, after somebody has signed in elsewhere or a token was refused. */
export function askAgain(): Promise<Me | undefined> {
  me = undefined
  return whoAmI()
}

/** Whether somebody was signed in since the page was opened: then there may be something to keep. */
export const hadSession = (): boolean => wasSignedIn

export function setSignedOut(value: boolean): void {
  if (signedOut === value) return
  signedOut = value
  for (const listener of listeners) listener()
}

export const isSignedOut = (): boolean => signedOut

export function onSession(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
