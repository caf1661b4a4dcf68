import { queryClient } from './queryClient'

const LATEST_MS = 2000

/** Done once what a page asked for first has been answered. */
export const firstAnswers = new Promise<void>((done) => {
  const end = queryClient.getQueryCache().subscribe(() => {
    if (!queryClient.getQueryData(['me']) || queryClient.isFetching()) return
    end()
    done()
  })
})

/**
 * Done with the first answers, or when somebody presses something, or after two seconds: what no first paint needs is
 * loaded from then on, and takes neither connection nor processor from what people wait for.
 */
export const atRest = new Promise<void>((done) => {
  void firstAnswers.then(done)
  for (const press of ['pointerdown', 'keydown', 'click']) addEventListener(press, () => done(), { once: true, capture: true })
  setTimeout(done, LATEST_MS)
})
