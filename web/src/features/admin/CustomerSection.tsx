import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { findCustomerQuery, usePrivacy, type RequestKind } from '../../api/queries/privacy'
import { toast } from '../../app/toasts'
import { words } from '../../strings/pages/privacy'
import { Button } from '../../ui'
import { Confirm } from '../../ui/Confirm'
import { TextField } from '../../ui/Field'

type Found = { id: string; title: string; snippet: string }

/** Finds a person and asks for what is to be done with their data. */
export function CustomerSection() {
  const [text, setText] = useState('')
  const [customer, setCustomer] = useState<Found>()
  const wanted = useDeferredValue(text.trim())
  const { data: found } = useQuery(findCustomerQuery(wanted))
  if (customer) return <Chosen customer={customer} onChange={() => setCustomer(undefined)} onAsked={() => { setCustomer(undefined); setText('') }} />
  return (
    <div className="max-w-[30rem]">
      <TextField label={words.find} type="search" value={text} maxLength={200} onChange={(event) => setText(event.target.value)} />
      {found && wanted.length > 1 && (
        <ul aria-label={words.found} className="mt-2 overflow-hidden rounded-md border border-line">
          {found.map((one) => (
            <li key={one.id} className="border-b border-line last:border-b-0">
              <button type="button" className="grid w-full px-3 py-2 text-left -outline-offset-2 hover:bg-hover" onClick={() => setCustomer(one)}>
                <span dir="auto" className="font-medium">{one.title}</span>
                <span className="truncate text-xs text-fg-3">{one.snippet || one.id}</span>
              </button>
            </li>
          ))}
          {found.length === 0 && <li className="px-3 py-2 text-fg-3">{words.none}</li>}
        </ul>
      )}
    </div>
  )
}

/** A text as a pattern that only it fits. */
const literally = (text: string): string => text.trim().replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

function Chosen({ customer, onChange, onAsked }: { customer: Found; onChange: () => void; onAsked: () => void }) {
  const { ask, hold } = usePrivacy()
  const [asking, setAsking] = useState<RequestKind | 'hold'>()
  const close = () => setAsking(undefined)
  return (
    <div className="rounded-lg border border-line p-3">
      <div className="flex items-center gap-x-3">
        <p className="min-w-0 flex-1"><span dir="auto" className="font-medium">{customer.title}</span><code className="block truncate font-mono text-xs text-fg-3">{customer.id}</code></p>
        <Button variant="ghost" onClick={onChange}>{words.change}</Button>
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button onClick={() => setAsking('export')}>{words.ask.export}</Button>
        <Button onClick={() => setAsking('hold')}>{words.hold}</Button>
        <Button variant="danger" onClick={() => setAsking('anonymization')}>{words.ask.anonymization}</Button>
        <Button variant="danger" onClick={() => setAsking('erasure')}>{words.ask.erasure}</Button>
      </div>
      {asking === 'hold' ? (
        <Confirm title={words.holdTitle} action={words.hold} onClose={close} onConfirm={(form) => hold.mutateAsync({ id: customer.id, reason: String(form.get('reason')) }).then(() => toast({ title: words.held }))}>
          <TextField label={words.holdReason} hint={words.holdReasonHint} name="reason" required maxLength={200} autoComplete="off" />
        </Confirm>
      ) : asking && (
        <Confirm
          title={words.askTitle[asking]} action={words.ask[asking]} danger={asking !== 'export'} onClose={close}
          onConfirm={() => ask.mutateAsync({ kind: asking, id: customer.id }).then(() => { toast({ title: words.asked[asking] }); onAsked() })}
        >
          <p dir="auto" className="font-medium text-fg">{customer.title}</p>
          <p>{words.askHint[asking]}</p>
          {asking === 'erasure' && <TextField label={words.typeName(customer.title)} required pattern={`\\s*${literally(customer.title)}\\s*`} title={customer.title} autoComplete="off" spellCheck={false} />}
        </Confirm>
      )}
    </div>
  )
}
