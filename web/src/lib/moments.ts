import { language, locale, t } from '../strings'
import { dateTime } from './time'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `2 hours ago`, `in 3 days`; in our own words, because the browser's take longer to be made ready than a page to be drawn. */
export function relative(iso: string, now = Date.now()): string {
  const away = Date.parse(iso) - now
  const size = Math.abs(away)
  const said = (words: (count: number, ahead: boolean) => string, unit: number) => words(Math.abs(Math.round(away / unit)), away > 0)
  if (size < HOUR) return said(t.app.minutesAway, MINUTE)
  if (size < DAY) return said(t.app.hoursAway, HOUR)
  if (size < 30 * DAY) return said(t.app.daysAway, DAY)
  return dateTime(iso)
}

// Making one takes longer than all that it writes on a page.
const numbers = new Map<string, Intl.NumberFormat>()
let weekday: Intl.DateTimeFormat | undefined

function numberIn(tag: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = tag + JSON.stringify(options)
  const made = numbers.get(key) ?? new Intl.NumberFormat(tag, options)
  numbers.set(key, made)
  return made
}

/** `Tue 9:00`, for what is near in the future. */
export const weekdayTime = (moment: Date): string =>
  (weekday ??= new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' })).format(moment)

/** Hours as people say them: `40 min`, `3.5 h`, `2 days`. */
export function duration(hours: number): string {
  const digits = (value: number) => ({ maximumFractionDigits: value < 10 ? 1 : 0 })
  // Minutes and hours by their symbols, which are the same in every language.
  const say = (value: number, symbol: string) => `${numberIn(locale, digits(value)).format(value)}\u00a0${symbol}`
  if (hours < 1) return say(Math.max(1, Math.round(hours * 60)), 'min')
  if (hours < 48) return say(hours, 'h')
  return numberIn(language, { style: 'unit', unit: 'day', unitDisplay: 'long', ...digits(hours / 24) }).format(hours / 24)
}

/** Moments to come back at, from now on; those that are past or too near are left out. */
export function snoozeMoments(now: Date): { id: 'hour' | 'evening' | 'tomorrow' | 'monday' | 'week'; at: Date }[] {
  const at = (days: number, hour: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour)
  const untilMonday = (8 - now.getDay()) % 7 || 7
  const all = [
    { id: 'hour' as const, at: new Date(now.getTime() + HOUR) },
    { id: 'evening' as const, at: at(0, 18) },
    { id: 'tomorrow' as const, at: at(1, 9) },
    { id: 'monday' as const, at: at(untilMonday, 9) },
    { id: 'week' as const, at: at(7, 9) },
  ]
  return all.filter((one) => one.at.getTime() - now.getTime() >= HOUR)
}

/** As a field for a moment on this device's clock takes it: `2026-11-28T09:00`. */
export const fieldMoment = (moment: Date): string => new Date(moment.getTime() - moment.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16)

/** Whether something lies further back than so many hours. */
export const isOlder = (iso: string, hours: number): boolean => Date.now() - Date.parse(iso) > hours * HOUR

/** Whether a moment is still to come. */
export const isAhead = (iso: string | null): boolean => iso !== null && Date.parse(iso) > Date.now()
