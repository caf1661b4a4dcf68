import { useNavigate } from '@tanstack/react-router'
import { useMergingCustomers } from '../../api/queries/mergeCustomers'
import type { CustomerMergeOut } from '../../api/schema'
import { failed, toast } from '../../app/toasts'
import { router } from '../../routes'
import { words } from '../../strings/pages/mergeCustomers'

export type Named = { id: string; name: string }

/** Merging as people do it: told at once, taken back by `z`, and whoever looked at the record sees the customer who goes on. */
export function useMergeCustomer() {
  const merging = useMergingCustomers()
  const navigate = useNavigate()
  const shows = (id: string) => router.latestLocation.pathname === `/customers/${id}`
  const show = (id: string) => void navigate({ to: '/customers/$customerId', params: { customerId: id } })
  /** What was refused takes its message along, and leads back. */
  const tell = (title: string, done: Promise<CustomerMergeOut>, back: () => void, undo: (made: CustomerMergeOut) => Promise<unknown>) => {
    let undone = false
    const withdraw = toast({ title, undo: () => { undone = true; back(); done.then(undo).catch(failed) } })
    done.catch((error: unknown) => {
      if (undone) return
      withdraw()
      back()
      failed(error)
    })
  }
  return {
    merge(customer: Named, into: Named): void {
      const done = merging.merge(customer.id, into.id)
      show(into.id)
      tell(words.merged(into.name), done, () => { if (shows(into.id)) show(customer.id) }, (made) => merging.takeOut(customer.id, made.into?.id ?? into.id))
    },
    takeOut(part: Named, into: string): void {
      tell(words.takenOut(part.name), merging.takeOut(part.id, into), () => undefined, () => merging.merge(part.id, into))
    },
  }
}
