import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'

export const RANGES = [7, 30, 90, 365] as const
export type Range = (typeof RANGES)[number]
/** What narrows figures; `to` is the last day, today where it is not set. */
export type ReportSearch = { days?: Range | undefined; to?: string | undefined; team?: string | undefined }

/** From an address as anybody may have typed it. */
export const readReportSearch = ({ days, to, team }: Record<string, unknown>): ReportSearch => ({
  days: days === 7 || days === 90 || days === 365 ? days : undefined,
  to: typeof to === 'string' && /^20\d\d-\d\d-\d\d$/.test(to) ? to : undefined,
  team: typeof team === 'string' && /^\w{1,64}$/.test(team) ? team : undefined,
})

/** Of a browser that does not say where it is, days are those of UTC. */
export const timeZone = (): string => {
  const named = Intl.DateTimeFormat().resolvedOptions().timeZone
  return !named || named === 'Etc/Unknown' ? 'UTC' : named
}

const asked = ({ days = 30, to, team }: ReportSearch) => ({
  days, time_zone: timeZone(), ...(to && { last_day: to }), ...(team && { team_id: team }),
})

/** Figures of a period, and of as many days before; what was shown stays while another period is read. */
export const deskQuery = (search: ReportSearch) =>
  queryOptions({
    queryKey: ['reports', 'desk', search],
    queryFn: ({ signal }) => ok(api.GET('/v1/reports/desk', { params: { query: asked(search) }, signal })),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })

export const agentsQuery = (search: ReportSearch) =>
  queryOptions({
    queryKey: ['reports', 'agents', search],
    queryFn: ({ signal }) => ok(api.GET('/v1/reports/agents', { params: { query: asked(search) }, signal })),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })
