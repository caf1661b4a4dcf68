/** Answers that index.html asked for while the scripts were loading; each is taken over once. */
declare global {
  interface Window {
    __early?: Record<string, Promise<Response>>
  }
}

/** Whether index.html asked for it, and nobody took it over yet. */
export const isAskedEarly = (path: string): boolean => path in (window.__early ?? {})

export function takeEarly(request: Request): Promise<Response> | undefined {
  const early = window.__early
  if (!early || request.method !== 'GET') return undefined
  const { pathname, search } = new URL(request.url)
  const key = pathname + search
  const answer = early[key]
  if (answer) Reflect.deleteProperty(early, key)
  return answer
}

/** Drops what was asked for on behalf of nobody, or of somebody else, and not taken over yet. */
export function dropEarly(): void {
  window.__early = {}
}
