import { locale } from '../../strings'

/** An amount as people of the page's language write it. */
export function money({ amount, currency }: { amount: string; currency: string }): string {
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 0 }).format(Number(amount))
  } catch {
    return `${amount} ${currency}`
  }
}
