/**
 * Which build of the console this page is, and whether the server has another. The first script has a name with a hash
 * over everything that it needs, so its name is the build's.
 */
const FIRST = /<script type="module"[^>]*\ssrc="(\/assets\/[^"]+)"/
const mine = document.querySelector('script[type=module][src^="/assets/"]')?.getAttribute('src')
const listeners = new Set<() => void>()
let isNew = false

export const isOutdated = (): boolean => isNew

export function onOutdated(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Looks at the server's page: a few bytes while it is the same. */
export async function askForBuild(): Promise<void> {
  if (!mine || isNew) return
  const page = await fetch('/index.html', { cache: 'no-cache' }).then((answer) => (answer.ok ? answer.text() : ''), () => '')
  const first = FIRST.exec(page)?.[1]
  if (!first || first === mine) return
  isNew = true
  for (const listener of listeners) listener()
}

// A part of this build that the server has no longer.
addEventListener('vite:preloadError', () => void askForBuild())
