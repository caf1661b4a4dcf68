import { takeEarly } from './early'
import { OfflineError } from './errors'

/** `fetch` that takes over what was asked early, and says so when there is no answer at all. */
export function apiFetch(request: Request): Promise<Response> {
  return (takeEarly(request) ?? fetch(request)).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new OfflineError()
  })
}
