import { locale } from '../../strings'
import { words } from '../../strings/pages/analytics'

/** A day as people write it. */
export const sayDay = (day: string, short = false): string =>
  new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...(short ? { month: 'short', day: 'numeric' } : { dateStyle: 'medium' }) }).format(new Date(`${day}T00:00:00Z`))

/** A day so many days later, or earlier. */
export const dayAfter = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** Monday to Sunday by their names. */
export const weekdays = (form: 'short' | 'long'): string[] =>
  // The fifth of January 2026 is a Monday.
  Array.from({ length: 7 }, (_, day) => new Intl.DateTimeFormat(locale, { weekday: form, timeZone: 'UTC' }).format(new Date(Date.UTC(2026, 0, 5 + day))))

/** A figure of the period before in words, or that there is none. */
export const sayBefore = (value: string): string => (value === words.noFigure ? words.beforeNone : words.before(value))
