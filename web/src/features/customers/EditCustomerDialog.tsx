import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { ApiError, isStale, sentence } from '../../api/errors'
import { customerQuery, useProfileEdit } from '../../api/queries/customers'
import { plansQuery } from '../../api/queries/people'
import type { CustomerOut } from '../../api/schema'
import { failed, toast } from '../../app/toasts'
import { languageName, languageOptions } from '../../lib/names'
import { t } from '../../strings'
import { overlays } from '../../strings/pages/overlays'
import { words } from '../../strings/pages/profile'
import { Button } from '../../ui'
import { Confirm } from '../../ui/Confirm'
import Dialog from '../../ui/Dialog'
import { SelectField, TextField } from '../../ui/Field'
import { FIELDS, editOf, faultsOf, fieldsOf, type Field, type ProfileFields } from './profileFields'

const MOST: Readonly<Record<Field, number>> = { name: 200, email: 254, phone: 40, company: 200, plan: 60, amount: 24, currency: 3, language: 12 }

/** Who a customer is, to be changed: only what was touched is sent, and what somebody else changed meanwhile is shown first. */
export default function EditCustomerDialog({ customer: opened, onClose }: { customer: CustomerOut; onClose: () => void }) {
  const { data: customer = opened } = useQuery(customerQuery(opened.id))
  const form = useProfileForm(customer)
  const [leaving, setLeaving] = useState(false)
  const close = () => (form.changed ? setLeaving(true) : onClose())
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (form.changed) form.save(onClose)
    else onClose()
  }
  return (
    <Dialog open onOpenChange={close} title={words.title} hint={words.hint} className="max-h-[84vh]">
      <form noValidate aria-label={words.title} className="space-y-3 p-4" onSubmit={save}>
        <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
          {FIELDS.map((field) => <Line key={field} field={field} form={form} />)}
        </div>
        {form.problem && <p role="alert" className="text-xs text-critical">{form.problem}</p>}
        <div className="flex justify-end gap-2">
          <Button onClick={close}>{t.app.cancel}</Button>
          <Button type="submit" variant="primary" disabled={form.busy}>{t.app.save}</Button>
        </div>
      </form>
      {leaving && <Confirm title={overlays.leaveTitle} action={overlays.leave} danger onConfirm={() => Promise.resolve(onClose())} onClose={() => setLeaving(false)}>{overlays.leaveHint}</Confirm>}
    </Dialog>
  )
}

type Form = ReturnType<typeof useProfileForm>

/** `typed` holds what was touched; all else follows what is stored. */
function useProfileForm(customer: CustomerOut) {
  const edit = useProfileEdit()
  const [typed, setTyped] = useState<Partial<ProfileFields>>({})
  const [begun, setBegun] = useState<Partial<ProfileFields>>({})
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const stored = fieldsOf(customer)
  const now: ProfileFields = { ...stored, ...typed }
  const faults = error instanceof ApiError ? faultsOf(error.fields) : {}
  const wanted = editOf(stored, now)
  const set = (field: Field, value: string) => {
    setTyped((before) => ({ ...before, [field]: value }))
    setBegun((before) => ({ [field]: stored[field], ...before }))
  }
  const save = (onDone: () => void) => {
    setBusy(true)
    setError(undefined)
    edit(customer, wanted).then((changed) => {
      const { company, ...back } = editOf(fieldsOf(changed), { ...fieldsOf(changed), ...pick(stored, wanted) })
      // A company may stand in several attributes: they come back as they were.
      const undo = company === undefined ? back : { ...back, attributes: customer.attributes }
      toast({ title: words.saved, undo: () => { edit(changed, undo).catch(failed) } })
      onDone()
    }).catch((failure: unknown) => {
      setError(failure)
      setBusy(false)
    })
  }
  /** What somebody else wrote where something was begun here. */
  const theirs = (field: Field): string | undefined => {
    const before = begun[field]
    return before !== undefined && before !== stored[field] && now[field].trim() !== stored[field] ? stored[field] : undefined
  }
  const named = Object.keys(faults).length > 0
  const problem = error === undefined || named ? '' : isStale(error) ? words.changed : sentence(error)
  return { now, stored, faults, theirs, set, save, busy, problem, changed: Object.keys(wanted).length > 0 }
}

/** What was stored, of what an edit changed. */
const pick = (fields: ProfileFields, edit: object): Partial<ProfileFields> =>
  Object.fromEntries(FIELDS.filter((field) => field in edit || ('value' in edit && (field === 'amount' || field === 'currency'))).map((field) => [field, fields[field]]))

function Line({ field, form }: { field: Field; form: Form }) {
  const { data: plans } = useQuery({ ...plansQuery, enabled: field === 'plan' })
  const change = (value: string) => form.set(field, value)
  const theirs = form.theirs(field)
  const known = field === 'plan' ? (plans?.data ?? []) : []
  return (
    <div>
      {field === 'language' ? (
        <SelectField label={words.fields.language} options={[{ value: '', label: words.notKnown }, ...languageOptions(form.now.language || 'en')]} value={form.now.language} onChange={(event) => change(event.target.value)} />
      ) : (
        <TextField
          label={words.fields[field]} value={form.now[field]} maxLength={MOST[field]} dir="auto" autoComplete="off" list={known.length ? 'known-plans' : undefined}
          inputMode={field === 'email' ? 'email' : field === 'phone' ? 'tel' : field === 'amount' ? 'decimal' : undefined}
          error={form.faults[field] === undefined ? undefined : (words.faults[field] ?? form.faults[field])} onChange={(event) => change(event.target.value)}
        />
      )}
      {known.length > 0 && <datalist id="known-plans">{known.map((plan) => <option key={plan} value={plan} />)}</datalist>}
      {theirs !== undefined && (
        <p className="mt-1 flex flex-wrap items-center gap-x-2 text-xs text-fg-2">
          <span className="wrap-anywhere">{words.theirs((field === 'language' && theirs ? languageName(theirs) : theirs) || words.nothing)}</span>
          <button type="button" aria-label={words.takeTheirsOf(words.fields[field])} className="inline-flex min-h-6 items-center font-medium text-accent-text hover:underline pointer-coarse:min-h-11" onClick={() => change(theirs)}>{words.takeTheirs}</button>
        </p>
      )}
    </div>
  )
}
