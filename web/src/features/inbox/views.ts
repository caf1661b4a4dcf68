import type { operations } from '../../api/schema'
import { SEVERITIES } from '../issue/choices'

/** The views that the server knows; the address names one: /inbox/mine. */
export type ViewName = NonNullable<NonNullable<operations['get_issues']['parameters']['query']>['view']>
export const VIEWS = ['mine', 'unassigned', 'all', 'mentions', 'critical', 'due', 'waiting', 'snoozed', 'resolved'] as const satisfies readonly ViewName[]
export const isView = (name: string): name is ViewName => (VIEWS as readonly string[]).includes(name)

const STATUSES = ['open', 'pending', 'resolved', 'closed'] as const
const CHANNELS = ['email', 'chat', 'web', 'phone', 'api', 'social', 'import'] as const
const SORTS = ['newest', 'oldest', 'updated', 'severity', 'due'] as const
export const CHOICES = { status: STATUSES, severity: SEVERITIES, channel: CHANNELS } as const

/** Filters and order as they stand in the address; what is not set is left out. */
export type InboxSearch = {
  status?: (typeof STATUSES)[number][]
  severity?: (typeof SEVERITIES)[number][]
  channel?: (typeof CHANNELS)[number]
  assignee?: string
  tag?: string
  q?: string
  sort?: (typeof SORTS)[number]
}
export type Sort = NonNullable<InboxSearch['sort']>
export { SORTS }

const many = <T extends string>(value: unknown, allowed: readonly T[]): T[] | undefined => {
  const given = Array.isArray(value) ? value : [value]
  const fit = allowed.filter((one) => given.includes(one))
  return fit.length ? fit : undefined
}
const words = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() ? value.slice(0, 200) : undefined)

/** What of an address can be used; anything else in it is dropped. */
export function readSearch(raw: Record<string, unknown>): InboxSearch {
  const search: InboxSearch = {
    status: many(raw.status, STATUSES),
    severity: many(raw.severity, SEVERITIES),
    channel: many(raw.channel, CHANNELS)?.[0],
    assignee: words(raw.assignee),
    tag: words(raw.tag),
    q: words(raw.q),
    sort: many(raw.sort, SORTS)?.[0],
  }
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
}

export const hasFilters = ({ sort: _sort, ...filters }: InboxSearch): boolean => Object.keys(filters).length > 0
