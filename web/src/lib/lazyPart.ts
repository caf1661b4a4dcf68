import { lazy } from 'react'
import { atRest } from '../api/atRest'

const MOST_PAUSE_MS = 30_000

/** Loads again and again what cannot be had now, as without a network or while the server is replaced, until it is in vain. */
export async function patiently<T>(load: () => Promise<T>, isInVain?: () => Promise<boolean>): Promise<T> {
  for (let pause = 1000; ; pause = Math.min(MOST_PAUSE_MS, pause * 2)) {
    try {
      return await load()
    } catch (error) {
      if (await isInVain?.()) throw error
      await new Promise((done) => setTimeout(done, pause))
    }
  }
}

const serverAnswers = () => fetch('/version').then(({ ok }) => ok, () => false)

/**
 * Loads a page as soon as it can be had. One that the server does not have, though it answers, is of an older build: the
 * router loads everything anew then, which without a network would throw away what is here.
 */
export const loadPage = <T>(load: () => Promise<T>): Promise<T> => patiently(load, serverAnswers)

/** `lazy` for a part of a page: one that cannot be had now takes nothing with it, what stands in its place stays. */
export const lazyPart: typeof lazy = (load) => lazy(() => patiently(load))

/** The same for what no first paint needs: loaded once a page is at rest. */
export const latePart: typeof lazy = (load) => lazyPart(() => atRest.then(load))
