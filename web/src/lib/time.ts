import { locale, t } from '../strings'

// Made once, when the language is known: making one takes longer than all that it writes on a page.
let day: Intl.DateTimeFormat | undefined
let long: Intl.DateTimeFormat | undefined

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `3m`, `2h`, `5d`, then the date: how old something is, in a list. */
export function shortAge(iso: string, now = Date.now()): string {
  const age = Math.max(0, now - Date.parse(iso))
  if (age < MINUTE) return t.app.agoNow
  if (age < HOUR) return `${Math.floor(age / MINUTE)}m`
  if (age < DAY) return `${Math.floor(age / HOUR)}h`
  if (age < 7 * DAY) return `${Math.floor(age / DAY)}d`
  return dayOf(iso)
}

/** `26 Nov`. */
export const dayOf = (iso: string): string => (day ??= new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' })).format(new Date(iso))

/** `26 Nov 2026, 15:39`. */
export const dateTime = (iso: string): string =>
  (long ??= new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })).format(new Date(iso))

/** For a list of them: the whole date as the title of a `time`, with what it is the date of; made when somebody points at it. */
export const tellDate = ({ currentTarget: shown }: { currentTarget: HTMLTimeElement }): void => {
  shown.title = [shown.dataset.of, dateTime(shown.dateTime)].filter(Boolean).join(' · ')
}
