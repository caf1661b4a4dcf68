import { ApiError, OfflineError } from './errors'
import { isSignedOut, onSession } from './session'

/** How long it is waited before another try where the browser does not tell that the connection is back. */
const FIRST_MS = 1000
const MOST_MS = 30_000

let waiting = 0
const listeners = new Set<() => void>()

function count(by: number): void {
  waiting += by
  for (const listener of listeners) listener()
}

/** How many changes wait for the connection. */
export const changesWaiting = (): number => waiting
export const onChangesWaiting = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const pending = new Set<Promise<unknown>>()
const WAKE = 'changes-wake'

/** Resolves when all that waits has its answer, which is tried at once. */
export async function changesEnd(): Promise<void> {
  dispatchEvent(new Event(WAKE))
  await Promise.allSettled(pending)
}

/** Without a connection, or after the session has ended, nothing was refused: it may go later. */
const mayGoLater = (error: unknown): boolean => error instanceof OfflineError || (error instanceof ApiError && error.status === 401)

/**
 * Makes a change now or, without a connection or a session, as soon as there is one: that of the same person, for whom
 * alone the page goes on. Only for what may be done twice.
 */
export async function whenBack<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (!mayGoLater(error)) throw error
  }
  const answer = tryAgain(change)
  pending.add(answer)
  count(1)
  try {
    return await answer
  } finally {
    pending.delete(answer)
    count(-1)
  }
}

async function tryAgain<T>(change: () => Promise<T>): Promise<T> {
  for (let pause = FIRST_MS; ; pause = Math.min(MOST_MS, pause * 2)) {
    await (isSignedOut() ? session() : connection(pause))
    try {
      return await change()
    } catch (error) {
      if (!mayGoLater(error)) throw error
    }
  }
}

/** When the browser tells that it is connected, or after a pause. */
async function connection(pause: number): Promise<void> {
  await new Promise<void>((done) => {
    const go = () => {
      clearTimeout(timer)
      for (const event of ['online', WAKE]) removeEventListener(event, go)
      done()
    }
    const timer = setTimeout(go, pause)
    for (const event of ['online', WAKE]) addEventListener(event, go)
  })
}

/** When somebody has signed in again. */
async function session(): Promise<void> {
  await new Promise<void>((done) => {
    const end = onSession(() => {
      if (isSignedOut()) return
      end()
      done()
    })
  })
}

// They live in this page alone.
addEventListener('beforeunload', (event) => { if (waiting) event.preventDefault() })
