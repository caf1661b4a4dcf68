import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { sentence } from '../../api/errors'
import { customerQuery, historyQuery } from '../../api/queries/customers'
import { customerTargetsQuery } from '../../api/queries/mergeCustomers'
import type { CustomerMergeTarget, CustomerOut } from '../../api/schema'
import { words } from '../../strings/pages/mergeCustomers'
import { Button, Skeleton } from '../../ui'
import Dialog from '../../ui/Dialog'
import { Finder, type Option } from '../issue/Finder'
import { filledBy, listed } from './filled'
import { useMergeCustomer } from './useMergeCustomer'

/** Somebody else may merge or change the customer while the dialog is open. */
const LOOK_MS = 4000
type Props = { customer: CustomerOut; onClose: () => void }

/** Chooses the customer who goes on, and says what will happen. */
export default function MergeCustomerDialog({ customer: opened, onClose }: Props) {
  const { data: customer = opened } = useQuery({ ...customerQuery(opened.id), refetchInterval: LOOK_MS })
  const { merge } = useMergeCustomer()
  const [typed, setTyped] = useState('')
  const [inHand, setInHand] = useState<string>()
  const { data: targets, error } = useQuery(customerTargetsQuery(customer.id, useDeferredValue(typed.trim())))
  const target = targets?.find(({ id }) => id === inHand)
  const merged = customer.merged_into
  const choose = (id: string) => {
    const into = targets?.find((one) => one.id === id)
    if (!into || merged) return
    onClose()
    merge({ id: customer.id, name: nameOf(customer) }, { id, name: nameOf(into) })
  }
  return (
    <Dialog open onOpenChange={onClose} title={words.title(nameOf(customer))} hint={words.hint} className="max-h-[84vh]">
      <div className="p-4">
        {merged && <p role="alert" className="mb-3 text-sm text-critical">{words.meanwhile(merged.name ?? words.unnamed)}</p>}
        {error && <p role="alert" className="mb-3 text-sm text-critical">{sentence(error)}</p>}
        <Finder id="merge-customer" label={words.options} hint={words.search} none={typed.trim() ? words.none : words.noneLikely} options={targets?.map((one) => optionOf(one, typed))} onChoose={choose} onWords={setTyped} onInHand={setInHand} pick={false} />
        {target && <Outcome key={target.id} customer={customer} target={target} />}
        <div className="mt-3 flex justify-end"><Button variant="primary" disabled={!target || Boolean(merged)} onClick={() => target && choose(target.id)}>{words.submit}</Button></div>
      </div>
    </Dialog>
  )
}

const nameOf = ({ name, email }: { name: string | null; email: string | null }): string => name ?? email ?? words.unnamed

/** What the server found fits, also where the words are in none of what is shown. */
const optionOf = (one: CustomerMergeTarget, typed: string): Option => ({
  id: one.id, title: nameOf(one), words: typed,
  detail: [one.why && words.whys[one.why], one.name && one.email, one.company, one.plan, one.external_ref && `${one.external_ref.source} ${one.external_ref.id}`, words.issues(one.issues)].filter(Boolean).join(' · '),
})

/** What becomes of both, in words. */
function Outcome({ customer, target }: { customer: CustomerOut; target: CustomerMergeTarget }) {
  const { data: into } = useQuery(customerQuery(target.id))
  const { data: history } = useQuery(historyQuery(customer.id))
  const name = nameOf(target)
  const filled = into && filledBy(customer, into)
  const silent = into && customer.language_model_allowed !== into.language_model_allowed
  return (
    <section aria-label={words.outcome} className="mt-3 rounded-lg border border-line bg-panel px-3 py-2">
      <h3 className="text-xs font-medium text-fg-3">{words.outcome}</h3>
      {!into || !history ? <Skeleton rows={3} className="!p-0 pt-2" /> : (
        <ul className="mt-1 list-disc space-y-0.5 pl-4 text-sm wrap-anywhere">
          <li>{words.goesOn(name, history.data.length, history.next_cursor !== null)}</li>
          <li>{filled?.length ? words.filled(listed(filled)) : words.nothingFilled}</li>
          {(customer.email || customer.external_ref) && <li>{words.keeps(customer.email ?? '', name)}</li>}
          {silent && <li>{words.noModels}</li>}
        </ul>
      )}
    </section>
  )
}
