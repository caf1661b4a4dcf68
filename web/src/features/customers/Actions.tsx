import { Merge, Pencil } from 'lucide-react'
import { Suspense, useState } from 'react'
import { useMay } from '../../api/queries/me'
import type { CustomerOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { overlayComes } from '../../app/earlyKeys'
import { lazyPart } from '../../lib/lazyPart'
import { words as merging } from '../../strings/pages/mergeCustomers'
import { words as profile } from '../../strings/pages/profile'
import { Button } from '../../ui'

const MergeCustomerDialog = lazyPart(() => import('./MergeCustomerDialog'))
const EditCustomerDialog = lazyPart(() => import('./EditCustomerDialog'))

/** What whoever may edit customers can do with one; what is merged or about nobody stays as it is. */
export function Actions({ customer }: { customer: CustomerOut }) {
  const may = useMay('customers.edit') && !customer.merged_into && !customer.anonymized_at
  const [open, setOpen] = useState<'edit' | 'merge'>()
  const run = (which: 'edit' | 'merge') => { overlayComes(); setOpen(which) }
  useCommands(may ? [
    { id: 'customer.edit', opens: true, label: profile.command, group: 'page', run: () => run('edit') },
    { id: 'customer.merge', opens: true, label: merging.command, group: 'page', run: () => run('merge') },
  ] : [])
  const close = () => setOpen(undefined)
  return (
    <>
      {may && <Button onClick={() => run('edit')}><Pencil size={13} aria-hidden />{profile.edit}</Button>}
      {may && <Button onClick={() => run('merge')}><Merge size={13} aria-hidden />{merging.merge}</Button>}
      {open === 'edit' && <Suspense><EditCustomerDialog customer={customer} onClose={close} /></Suspense>}
      {open === 'merge' && <Suspense><MergeCustomerDialog customer={customer} onClose={close} /></Suspense>}
    </>
  )
}
