import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './errors'

/** A refusal is an answer; only what might go better next time is tried again: once, and then it is told. */
export const worthAnotherTry = (failures: number, error: Error): boolean =>
  failures < 1 && !(error instanceof ApiError && error.status < 500 && error.status !== 429)

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: worthAnotherTry, staleTime: 15_000, gcTime: 10 * 60_000, refetchOnWindowFocus: true },
    mutations: { retry: false, networkMode: 'always' },
  },
})
