import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'

/** Whom texts may reach for a model, and what is done to them before. */
export const dataSharingQuery = queryOptions({
  queryKey: ['models', 'sharing'],
  queryFn: ({ signal }) => ok(api.GET('/v1/privacy/data-sharing', { signal })),
})

/** What language models are told. */
export const promptsQuery = queryOptions({
  queryKey: ['models', 'prompts'],
  queryFn: async ({ signal }) => (await ok(api.GET('/v1/prompts', { signal }))).data,
})
