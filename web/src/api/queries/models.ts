import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'

/** Which models each task asks, how their providers do, and whether an admin has paused them. */
export const modelsInUseQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => ok(api.GET('/v1/models', { signal })),
  refetchInterval: 15_000,
})

/** What models may cost, and what they did in the last days. */
export const modelsQuery = (days: number) =>
  queryOptions({
    queryKey: ['reports', 'models', days],
    queryFn: ({ signal }) => ok(api.GET('/v1/reports/models', { params: { query: { days } }, signal })),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  })

export function usePauseModels() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { paused: boolean; reason?: string | null }) => ok(api.PUT('/v1/models/pause', { body })),
    onSuccess: (stored) => client.setQueryData(modelsInUseQuery.queryKey, stored),
  })
}

/** Asks a provider for one word, which counts like every call. */
export function useCheckModel() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => ok(api.POST('/v1/models/providers/{name}/check', { params: { path: { name } } })),
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ['models'] }), client.invalidateQueries({ queryKey: ['reports', 'models'] })]),
  })
}
