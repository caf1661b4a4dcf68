import type { Query } from '@tanstack/react-query'
import { queryClient, worthAnotherTry } from './queryClient'

const GO_ON_MS = 5000
type Asked = Omit<Query, 'options'> & { options: { queryFn?: unknown; retry?: unknown } }

/** Asks again behind an error that is told. A query that is asked again itself would forget its error meanwhile. */
function goOn(query: Asked): void {
  const { queryKey, options, state: { data, error } } = query
  if (data !== undefined || !error || options.retry !== worthAnotherTry || !worthAnotherTry(0, error)) return
  const again = async () => {
    // Another error is that of another try, after which this is begun anew.
    if (!query.isActive() || query.state.error !== error) return
    try {
      const found = await (options.queryFn as (asked: object) => Promise<unknown>)({ queryKey })
      if (query.state.error === error) query.setData('initialPageParam' in options ? { pages: [found], pageParams: [undefined] } : found)
    } catch {
      goOn(query)
    }
  }
  setTimeout(() => void again(), GO_ON_MS)
}

/** From now on, what could not be loaded is asked for again behind its error while a page shows it. */
export function goOnTrying(): () => void {
  const cache = queryClient.getQueryCache()
  cache.getAll().forEach(goOn)
  return cache.subscribe((event) => { if (event.type === 'updated' && event.action.type === 'error') goOn(event.query) })
}
