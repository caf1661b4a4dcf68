import { Link } from '@tanstack/react-router'
import { Merge } from 'lucide-react'
import { useMay } from '../../api/queries/me'
import type { CustomerOut, CustomerRefOut, MergedCustomer } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { relative } from '../../lib/moments'
import { words } from '../../strings/pages/mergeCustomers'
import { Button } from '../../ui'
import { useMergeCustomer } from './useMergeCustomer'

const nameOf = ({ name, email }: { name: string | null; email?: string | null }): string => name ?? email ?? words.unnamed

/** On the page of a record that is merged: the customer who goes on, and the way out. */
export function MergedInto({ customer, into }: { customer: CustomerOut; into: CustomerRefOut }) {
  const { takeOut } = useMergeCustomer()
  const edits = useMay('customers.edit')
  const run = () => takeOut({ id: customer.id, name: nameOf(customer) }, into.id)
  useCommands(edits ? [{ id: 'customer.unmerge', label: words.takeOutOf(nameOf(customer)), group: 'page', run }] : [])
  return (
    <div className="mb-5 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-lg bg-accent-soft px-3 py-2 text-fg-2">
      <Merge size={14} aria-hidden className="shrink-0" />
      <span>{words.bannerInto}</span>
      <Link to="/customers/$customerId" params={{ customerId: into.id }} dir="auto" className="inline-flex min-h-6 max-w-full items-center font-medium text-accent-text underline underline-offset-2 pointer-coarse:min-h-11"><span className="truncate">{into.name ?? words.unnamed}</span></Link>
      <span>{words.bannerHint}</span>
      {edits && <Button onClick={run} className="ml-auto">{words.takeOut}</Button>}
    </div>
  )
}

/** On the page of a customer: the records that are merged into it. */
export function MergedRecords({ into, records }: { into: string; records: readonly MergedCustomer[] }) {
  const { takeOut } = useMergeCustomer()
  const edits = useMay('customers.edit')
  const run = (one: MergedCustomer) => takeOut({ id: one.id, name: nameOf(one) }, into)
  useCommands(edits ? records.map((one) => ({ id: `customer.unmerge.${one.id}`, label: words.takeOutOf(`${nameOf(one)} (${one.email ?? one.id})`), group: 'page' as const, run: () => run(one) })) : [])
  return (
    <section aria-labelledby="merged-records">
      <h2 id="merged-records" className="font-semibold">{words.records}</h2>
      <p className="text-xs text-fg-3">{words.recordsHint}</p>
      <ul className="mt-1">
        {records.map((one) => (
          <li key={one.id} className="flex items-center gap-2 border-b border-line py-1.5 last:border-b-0">
            <div className="min-w-0 flex-1">
              <Link to="/customers/$customerId" params={{ customerId: one.id }} dir="auto" className="flex min-h-6 max-w-full items-center font-medium hover:underline"><span className="truncate">{nameOf(one)}</span></Link>
              <p className="text-xs wrap-anywhere text-fg-3">
                {[one.name && one.email, one.phone, one.external_ref && `${one.external_ref.source} ${one.external_ref.id}`, words.issues(one.issues), one.merged_at && words.mergedAt(relative(one.merged_at))].filter(Boolean).join(' · ')}
              </p>
            </div>
            {edits && <Button aria-label={words.takeOutOf(nameOf(one))} onClick={() => run(one)}>{words.takeOut}</Button>}
          </li>
        ))}
      </ul>
    </section>
  )
}
