import { dropEarly } from './early'
import { errorOf } from './errors'
import { apiFetch } from './fetch'
import type { MeOut } from './schema'

/**
 * Who works here. The session itself is a cookie that scripts cannot read; what they have is the token that goes with
 * every change, so that no other site can make one.
 */
export type Me = MeOut

let me: Promise<Me | undefined> | undefined
let known: Me | undefined
const listeners = new Set<() => void>()
const meListeners = new Set<(me: Me) => void>()
/** Tells the other tabs who works here, whose session is the same. */
const tabs = new BroadcastChannel('me')
let signedOut = false
let answered = 0

/** How often somebody's session has been seen to hold: a refusal of what was asked before the last time is old news. */
export const sessionSeen = (): number => answered

/** Asks once who is signed in; undefined when nobody is. Throws when the server did not say. */
export function whoAmI(): Promise<Me | undefined> {
  if (me) return me
  const asked = askWho().catch((error: unknown) => {
    if (me === asked) me = undefined
    throw error
  })
  me = asked
  return asked
}

async function askWho(): Promise<Me | undefined> {
  const before = answered
  const response = await apiFetch(new Request(new URL('/v1/auth/me', location.origin), { credentials: 'same-origin' }))
  if (response.status === 401) {
    refusedSince(before)
    return undefined
  }
  // Any other refusal says nothing about who works here, and may be gone the next time.
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => ({})))
  const answer = (await response.json()) as Me
  tabs.postMessage(answer)
  return take(answer)
}

tabs.onmessage = ({ data }) => { if (known) me = Promise.resolve(take(data as Me)) }

/**
 * A page belongs to one person. When another has signed in it begins anew, and whatever waited for who works here waits
 * for good: nothing that one person wrote or pressed goes on as the other's.
 */
function take(answer: Me): Me | Promise<never> {
  if (known && known.id !== answer.id) {
    addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)
    location.reload()
    return new Promise<never>(() => undefined)
  }
  known = answer
  signedIn()
  for (const listener of meListeners) listener(answer)
  return answer
}

/** Somebody's session holds: by what the server said of them, or because they have just signed in. */
export function signedIn(): void {
  answered += 1
  setSignedOut(false)
}

/** Calls with who works here, now if that is known, and each time that the server has told it. */
export function onMe(listener: (me: Me) => void): void {
  meListeners.add(listener)
  if (known) listener(known)
}

/** Asks again, after somebody has signed in elsewhere or a token was refused. */
export function askAgain(): Promise<Me | undefined> {
  dropEarly()
  me = undefined
  return whoAmI()
}

/** Whether somebody was signed in since the page was opened: then there may be something to keep. */
export const hadSession = (): boolean => known !== undefined

/** A call that began at `seen` was told that nobody has signed in. */
export function refusedSince(seen: number): void {
  if (seen === answered) setSignedOut(true)
}

function setSignedOut(value: boolean): void {
  if (signedOut === value) return
  signedOut = value
  for (const listener of listeners) listener()
}

export const isSignedOut = (): boolean => signedOut

export function onSession(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
