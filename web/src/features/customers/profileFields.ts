import type { CustomerEdit, CustomerOut } from '../../api/schema'
import { locale } from '../../strings'

export const FIELDS = ['name', 'email', 'phone', 'company', 'plan', 'amount', 'currency', 'language'] as const
export type Field = (typeof FIELDS)[number]
/** What a form shows of a customer; empty where nothing is known. */
export type ProfileFields = Record<Field, string>

/** What the API calls them where it refuses one. */
const OF_API: Readonly<Record<string, Field>> = { 'value.amount': 'amount', 'value.currency': 'currency', value: 'amount' }
const DEFAULT_CURRENCY = 'EUR'

export const fieldsOf = ({ name, email, phone, company, plan, value, language }: CustomerOut): ProfileFields => ({
  name: name ?? '', email: email ?? '', phone: phone ?? '', company: company ?? '', plan: plan ?? '', language: language ?? '',
  amount: value ? sayAmount(value.amount) : '', currency: value?.currency ?? DEFAULT_CURRENCY,
})

/** The edit that makes one of the other; only what differs, so that nothing else is touched. */
export function editOf(before: ProfileFields, after: ProfileFields): CustomerEdit {
  const texts = (['name', 'email', 'phone', 'company', 'plan', 'language'] as const).filter((field) => after[field].trim() !== before[field])
  const edit: CustomerEdit = Object.fromEntries(texts.map((field) => [field, after[field].trim() || null]))
  const amount = after.amount.trim()
  const isOther = amount !== before.amount || (amount !== '' && after.currency.trim() !== before.currency)
  return isOther ? { ...edit, value: amount ? { amount: readAmount(amount), currency: after.currency.trim().toUpperCase() } : null } : edit
}

/** Faults of an answer by the fields of the form; those of anything else are left out. */
export function faultsOf(fields: Readonly<Record<string, string>>): Partial<ProfileFields> {
  const named = Object.entries(fields).map(([name, fault]): [string, string] => [OF_API[name] ?? name, fault])
  return Object.fromEntries(named.filter(([name]) => FIELDS.some((field) => field === name)))
}

/** As people of the page's language write an amount, without cents that are none. */
function sayAmount(amount: string): string {
  const short = amount.replace(/\.00$/, '')
  return mark() === ',' ? short.replace('.', ',') : short
}

/** "1,250.50", "1.250,50" and "1 250" as the API reads them; what is no amount stays as it was typed, to be refused. */
export function readAmount(typed: string): string {
  const bare = typed.replace(/[\s'’]/g, '')
  const [, whole = '', cents = ''] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(bare) ?? []
  return /^-?[1-9]\d{0,2}([.,]\d{3})+$|^-?\d+$/.test(whole) ? `${whole.replace(/[.,]/g, '')}${cents && `.${cents}`}` : typed
}

const mark = (): string => new Intl.NumberFormat(locale).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.'
