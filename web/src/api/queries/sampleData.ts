import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'

/** How far the made-up company has come; asked again while it is being loaded. */
export const sampleQuery = queryOptions({
  queryKey: ['sample-data'],
  queryFn: async ({ client, signal }) => {
    const progress = await ok(api.GET('/v1/sample-data', { signal }))
    // Everything is read anew once the made-up company is there.
    if (progress.state === 'loaded') void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'sample-data' })
    return progress
  },
  refetchInterval: ({ state }) => (state.data?.state === 'loading' ? 700 : false),
})

export function useLoadSample() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => ok(api.POST('/v1/sample-data')),
    onSuccess: (progress) => client.setQueryData(sampleQuery.queryKey, progress),
  })
}
