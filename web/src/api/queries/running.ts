import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { JobOut, Readiness, ResponseTargetsIn } from '../schema'

/** The most jobs of a state that are looked at; more are told as that many or more. */
export const MOST_JOBS = 200

export const targetsQuery = queryOptions({
  queryKey: ['response-targets'],
  queryFn: ({ signal }) => ok(api.GET('/v1/response-targets', { signal })),
  select: ({ targets }) => targets,
})

export function useSetTargets() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (targets: ResponseTargetsIn['targets']) => ok(api.PUT('/v1/response-targets', { body: { targets } })),
    onSuccess: (stored) => {
      client.setQueryData(targetsQuery.queryKey, stored)
      void client.invalidateQueries({ queryKey: ['issues'] })
      void client.invalidateQueries({ queryKey: ['issue'] })
    },
  })
}

/** How each part answers now. That one does not is an answer too, though with the status of a refusal. */
export const readinessQuery = queryOptions({
  queryKey: ['readiness'],
  queryFn: async ({ signal }): Promise<Readiness> => {
    const { data, error, response } = await api.GET('/readyz', { signal })
    const found: unknown = data ?? error
    return typeof found === 'object' && found !== null && 'parts' in found ? (found as Readiness) : ok(Promise.resolve({ error, response }))
  },
})

export const versionQuery = queryOptions({ queryKey: ['version'], queryFn: ({ signal }) => ok(api.GET('/version', { signal })) })

export const jobsQuery = (status: JobOut['status']) =>
  queryOptions({
    queryKey: ['jobs', status],
    queryFn: ({ signal }) => ok(api.GET('/v1/jobs', { params: { query: { status: [status], limit: MOST_JOBS } }, signal })),
    refetchInterval: 10_000,
  })

export function useRetryJob() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => ok(api.POST('/v1/jobs/{job_id}/retry', { params: { path: { job_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  })
}
