import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'

export const RANGES = [7, 30, 90, 365] as const
export type Range = (typeof RANGES)[number]

/** Figures of the last days, and of as many before; what was shown stays while another period is read. */
export const deskQuery = (days: Range) =>
  queryOptions({
    queryKey: ['reports', 'desk', days],
    queryFn: ({ signal }) => ok(api.GET('/v1/reports/desk', { params: { query: { days } }, signal })),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })
