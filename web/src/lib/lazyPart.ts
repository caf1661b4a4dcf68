import { lazy } from 'react'
import { atRest } from '../api/atRest'

const MOST_PAUSE_MS = 30_000

/** Loads again and again what cannot be had now, as without a network or while the server is replaced. */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (let pause = 1000; ; pause = Math.min(MOST_PAUSE_MS, pause * 2)) {
    try {
      return await load()
    } catch {
      await new Promise((done) => setTimeout(done, pause))
    }
  }
}

/** `lazy` for a part of a page: one that cannot be had now takes nothing with it, what stands in its place stays. */
export const lazyPart: typeof lazy = (load) => lazy(() => patiently(load))

/** The same for what no first paint needs: loaded once a page is at rest. */
export const latePart: typeof lazy = (load) => lazyPart(() => atRest.then(load))
