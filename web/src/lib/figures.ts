import { locale } from '../strings'

/** A number in the language of the page, with so many digits behind its comma. */
export const sayNumber = (value: number, digits = 0): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value)
