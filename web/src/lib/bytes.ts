import { language } from '../strings'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** A size for people: 26,000,000 is 26 MB. */
export function bytes(count: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3))
  const options = { style: 'unit', unit: UNITS[step] ?? 'byte', unitDisplay: 'short', maximumFractionDigits: step > 1 ? 1 : 0 } as const
  return new Intl.NumberFormat(language, options).format(count / 1000 ** step)
}
