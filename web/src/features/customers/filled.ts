import type { CustomerOut } from '../../api/schema'
import { locale } from '../../strings'
import { words } from '../../strings/pages/mergeCustomers'

const COMPANIES = ['company', 'organisation', 'organization', 'shop']
const MOST_ATTRIBUTES = 50
const FIELDS = ['name', 'phone', 'plan', 'value', 'language', 'notes'] as const

/** What a customer would be told by a record that is merged into them: what is empty there and known here, in words. */
export function filledBy(source: CustomerOut, target: CustomerOut): string[] {
  const has = (customer: CustomerOut, name: string) => customer.attributes[name] !== undefined && customer.attributes[name] !== null && customer.attributes[name] !== ''
  const companyKnown = COMPANIES.some((name) => has(target, name))
  const room = MOST_ATTRIBUTES - Object.keys(target.attributes).filter((name) => has(target, name)).length
  const further = Object.keys(source.attributes).filter((name) => has(source, name) && !has(target, name) && !(COMPANIES.includes(name) && companyKnown))
  return [
    ...FIELDS.filter((field) => source[field] && !target[field]).map((field) => words.fields[field]),
    ...further.slice(0, room).map((name) => (COMPANIES.includes(name) ? words.fields.company : name.replaceAll('_', ' '))),
  ]
}

/** Several things in one sentence, as people write them. */
export const listed = (things: readonly string[]): string => new Intl.ListFormat(locale, { type: 'conjunction' }).format(things)
