import { locale } from '../strings'

const UNITS = ['B', 'kB', 'MB', 'GB'] as const

/** A size for people: 26,000,000 is 26 MB. */
export function bytes(count: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3))
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: step > 1 ? 1 : 0 }).format(count / 1000 ** step)}\u00a0${UNITS[step] ?? ''}`
}
