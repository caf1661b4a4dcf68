import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'

/** How far the made-up company has come; asked again while it is being loaded. */
export const sampleQuery = queryOptions({
  queryKey: ['sample-data'],
  queryFn: ({ signal }) => ok(api.GET('/v1/sample-data', { signal })),
  refetchInterval: ({ state }) => (state.data?.state === 'loading' ? 700 : false),
})

export function useLoadSample() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => ok(api.POST('/v1/sample-data')),
    onSuccess: (progress) => client.setQueryData(sampleQuery.queryKey, progress),
  })
}
