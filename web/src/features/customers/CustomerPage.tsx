import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { isStale, sentence } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import { HISTORY, customerQuery, historyQuery, useEditCustomer } from '../../api/queries/customers'
import type { CustomerOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { toast } from '../../app/toasts'
import { capital, languageName } from '../../lib/names'
import { sayNumber } from '../../lib/figures'
import { duration } from '../../lib/moments'
import { dateTime } from '../../lib/time'
import { customerRoute } from '../../routes'
import { t } from '../../strings'
import { words } from '../../strings/pages/customers'
import { Avatar, Banner, Button } from '../../ui'
import { Switch } from '../../ui/Field'
import { BackTo, Page } from '../../ui/Page'
import { useUnsaved } from '../../ui/useUnsaved'
import { Waits } from '../../ui/Waits'
import { Actions } from './Actions'
import { figuresOf } from './figures'
import { History } from './History'
import { MergedInto, MergedRecords } from './Merged'
import { money } from './money'
import { Ratings } from './Ratings'
import { SentimentOverTime } from './SentimentOverTime'

/** Who a customer is, how it went with them, and what colleagues should know. */
export function CustomerPage() {
  const { customerId } = customerRoute.useParams()
  const { data: customer, error, refetch } = useQuery(customerQuery(customerId))
  const title = customer ? (customer.name ?? customer.email ?? words.unnamed) : t.app.pages.customers
  return (
    <Page title={title} wide back={<BackTo to="/customers" label={words.back} />} actions={customer && <Actions key={customer.id} customer={customer} />}>
      {error && !customer ? <ErrorView error={error} onRetry={() => void refetch()} /> : customer ? <Profile key={customer.id} customer={customer} name={title} /> : <Waits rows={10} className="p-0" />}
    </Page>
  )
}

function Profile({ customer, name }: { customer: CustomerOut; name: string }) {
  const { data: page, error, refetch } = useQuery(historyQuery(customer.id))
  if (customer.merged_into) {
    return (
      <>
        <MergedInto customer={customer} into={customer.merged_into} />
        <div className="max-w-[26.25rem] space-y-6">
          <Who customer={customer} name={name} />
          {customer.notes && <section><h2 className="font-semibold">{words.notes}</h2><p dir="auto" className="mt-1 rounded-md border border-note-line bg-note px-2.5 py-2 whitespace-pre-wrap wrap-anywhere">{customer.notes}</p></section>}
        </div>
      </>
    )
  }
  return (
    <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[18.75rem_minmax(0,1fr)]">
      <div className="space-y-6">
        <Who customer={customer} name={name} />
        <Models customer={customer} />
        <Notes customer={customer} />
        {customer.merged && customer.merged.length > 0 && <MergedRecords into={customer.id} records={customer.merged} />}
      </div>
      <div className="min-w-0 space-y-6">
        {error && !page && <ErrorView error={error} onRetry={() => void refetch()} />}
        {!error && !page && <Waits rows={8} className="p-0" />}
        {page && (
          <>
            <Figures issues={page.data} more={page.next_cursor !== null} />
            <SentimentOverTime customerId={customer.id} />
            <History customerId={customer.id} filters={page.data.length > 1} />
          </>
        )}
      </div>
    </div>
  )
}

const Who = ({ customer, name }: { customer: CustomerOut; name: string }) => (
  <section aria-label={words.profile}>
    <Avatar name={name} size={48} />
    {customer.anonymized_at && <div className="mt-3 overflow-hidden rounded-lg"><Banner tone="info">{words.anonymized}</Banner></div>}
    <Facts customer={customer} />
  </section>
)

function Facts({ customer }: { customer: CustomerOut }) {
  const facts: [string, string | null | undefined, string?][] = [
    [words.email, customer.email, customer.email ? `mailto:${customer.email}` : undefined],
    [words.phone, customer.phone, customer.phone ? `tel:${customer.phone.replace(/[^+\d]/g, '')}` : undefined],
    [words.company, customer.company],
    [words.plan, customer.plan && capital(customer.plan)],
    [words.value, customer.value && money(customer.value)],
    [words.language, customer.language && languageName(customer.language)],
    [words.since, dateTime(customer.created_at)],
    [words.reference, customer.external_ref && `${customer.external_ref.source} ${customer.external_ref.id}`],
  ]
  return (
    <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
      {facts.map(([label, value, href]) => value && (
        <div key={label} className="contents">
          <dt className="leading-6 text-fg-3">{label}</dt>
          <dd dir="auto" className="leading-6 wrap-anywhere">{href ? <a href={href} className="inline-block min-h-6 text-accent-text hover:underline">{value}</a> : value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Models({ customer }: { customer: CustomerOut }) {
  const edit = useEditCustomer(customer)
  const may = useMay('customers.edit')
  if (!may) return null
  const change = (language_model_allowed: boolean) => edit.mutate({ language_model_allowed }, { onError: (error) => toast({ title: sentence(error), tone: 'error' }) })
  return <Switch label={words.models} hint={words.modelsHint} checked={edit.isPending ? !customer.language_model_allowed : customer.language_model_allowed} onChange={change} />
}

function Notes({ customer }: { customer: CustomerOut }) {
  const edit = useEditCustomer(customer)
  const may = useMay('customers.edit')
  // What nobody has begun to change follows what the server knows: a merge may fill it in.
  const [typed, setTyped] = useState<string>()
  const notes = typed ?? customer.notes ?? ''
  const [problem, setProblem] = useState('')
  const changed = notes !== (customer.notes ?? '')
  const unsaved = useUnsaved(changed)
  const save = () => {
    setProblem('')
    edit.mutate({ notes: notes.trim() || null }, {
      onSuccess: () => { setTyped(undefined); toast({ title: words.notesSaved }) },
      onError: (error) => setProblem(isStale(error) ? words.changed : sentence(error)),
    })
  }
  return (
    <section aria-labelledby="customer-notes">
      {unsaved}
      <h2 id="customer-notes" className="font-semibold">{words.notes}</h2>
      <p id="customer-notes-hint" className="mb-1.5 text-xs text-fg-3">{words.notesHint}</p>
      <textarea
        aria-label={words.notes} aria-describedby="customer-notes-hint" dir="auto" rows={5} maxLength={20_000} readOnly={!may} value={notes}
        onChange={(event) => setTyped(event.target.value)}
        className="block w-full rounded-md border border-note-line bg-note px-2.5 py-2 text-sm"
      />
      {problem && <p role="alert" className="mt-1 text-xs text-critical">{problem}</p>}
      {problem === words.changed && (
        <section aria-label={words.storedNow} className="mt-2 rounded-md border border-line px-2.5 py-2">
          <h3 className="text-xs font-medium text-fg-3">{words.storedNow}</h3>
          <p dir="auto" className="text-sm whitespace-pre-wrap wrap-anywhere">{customer.notes ?? words.storedNone}</p>
        </section>
      )}
      {may && (
        <p className="mt-2 flex items-center gap-3">
          <Button variant="primary" disabled={!changed || edit.isPending} onClick={save}>{words.saveNotes}</Button>
          <span role="status" className="text-xs text-fg-3">{edit.isPending ? words.savingNotes : changed ? words.notesUnsaved : edit.isSuccess ? words.notesKept : ''}</span>
        </p>
      )}
    </section>
  )
}

function Figures({ issues, more }: { issues: Parameters<typeof figuresOf>[0]; more: boolean }) {
  const figures = figuresOf(issues)
  const shown: [string, string | number][] = [
    [words.all, more ? `${issues.length}+` : issues.length],
    [words.open, figures.open],
    [words.critical, figures.critical],
    [words.typical, figures.typicalHours === null ? '–' : duration(figures.typicalHours)],
    [words.ratings, figures.satisfaction === null ? '–' : `${sayNumber(figures.satisfaction, 1)} / 5`],
  ]
  return (
    <section aria-label={words.figures}>
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-5">
        {shown.map(([label, value]) => (
          <div key={label} className="rounded-xl border border-line px-4 py-3 max-sm:last:odd:col-span-2">
            <dt className="text-xs text-fg-3">{label}</dt>
            <dd data-number className="text-lg font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
      {more && <p className="mt-1.5 text-xs text-fg-3">{words.more(HISTORY)}</p>}
      {figures.ratings.length > 1 && <Ratings ratings={figures.ratings} />}
    </section>
  )
}
