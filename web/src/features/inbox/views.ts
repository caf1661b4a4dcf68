import type { operations } from '../../api/schema'
import { SEVERITIES } from '../issue/choices'

/** The views that the server knows; the address names one: /inbox/mine. */
export type ViewName = NonNullable<NonNullable<operations['get_issues']['parameters']['query']>['view']>
export const VIEWS = ['mine', 'unassigned', 'all', 'mentions', 'critical', 'due', 'waiting', 'snoozed', 'resolved'] as const satisfies readonly ViewName[]
export const isView = (name: string): name is ViewName => (VIEWS as readonly string[]).includes(name)

const STATUSES = ['open', 'pending', 'resolved', 'closed'] as const
const MOST_PLANS = 20
const MOST_PLAN_CHARS = 60
const CHANNELS = ['email', 'chat', 'web', 'phone', 'api', 'social', 'import'] as const
const SORTS = ['copilot', 'due', 'newest', 'oldest', 'updated', 'severity'] as const
const PROMISES = ['breached', 'soon', 'any'] as const
const RISKS = ['high', 'medium', 'low'] as const
export const CHOICES = { status: STATUSES, severity: SEVERITIES, channel: CHANNELS, sla: PROMISES, risk: RISKS } as const

/** Filters and order as they stand in the address; what is not set is left out. */
export type InboxSearch = {
  status?: (typeof STATUSES)[number][]
  severity?: (typeof SEVERITIES)[number][]
  channel?: (typeof CHANNELS)[number]
  assignee?: string
  /** Id of a team. */
  team_id?: string
  tag?: string
  /** Names of plans, as customers have them. */
  plan?: string[]
  /** What was promised: broken, due within the hour, or a promise at all. */
  sla?: (typeof PROMISES)[number]
  /** How likely a bad rating is. */
  risk?: (typeof RISKS)[number][]
  q?: string
  sort?: (typeof SORTS)[number]
}
export type Sort = NonNullable<InboxSearch['sort']>
export { SORTS }

/** Views of what to take next; the others are looked through, newest first. */
const USUAL: Partial<Record<ViewName, Sort>> = { mine: 'copilot', unassigned: 'copilot', critical: 'copilot', due: 'due' }
/** The order of a list where its address names none. */
export const usualSort = (view: ViewName): Sort => USUAL[view] ?? 'newest'

const many = <T extends string>(value: unknown, allowed: readonly T[]): T[] | undefined => {
  const given = Array.isArray(value) ? value : [value]
  const fit = allowed.filter((one) => given.includes(one))
  return fit.length ? fit : undefined
}
const words = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() ? value.slice(0, 200) : undefined)

const names = (value: unknown): string[] | undefined => {
  const given = [value].flat().flatMap((one) => words(one)?.slice(0, MOST_PLAN_CHARS) ?? [])
  return given.length ? [...new Set(given)].slice(0, MOST_PLANS) : undefined
}

/** What of an address can be used; anything else in it is dropped. */
export function readSearch(raw: Record<string, unknown>): InboxSearch {
  const search: InboxSearch = {
    status: many(raw.status, STATUSES),
    severity: many(raw.severity, SEVERITIES),
    channel: many(raw.channel, CHANNELS)?.[0],
    assignee: words(raw.assignee),
    team_id: words(raw.team_id),
    tag: words(raw.tag),
    plan: names(raw.plan),
    sla: many(raw.sla, PROMISES)?.[0],
    risk: many(raw.risk, RISKS),
    q: words(raw.q),
    sort: many(raw.sort, SORTS)?.[0],
  }
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
}

export const hasFilters = ({ sort: _sort, ...filters }: InboxSearch): boolean => Object.keys(filters).length > 0
