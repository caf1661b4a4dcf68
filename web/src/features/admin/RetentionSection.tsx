import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sentence } from '../../api/errors'
import { retentionQuery, usePrivacy, type Rules } from '../../api/queries/privacy'
import type { RetentionOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { toast } from '../../app/toasts'
import { locale } from '../../strings'
import { words } from '../../strings/pages/privacy'
import { Button, Skeleton } from '../../ui'
import { Confirm } from '../../ui/Confirm'
import { Table, type Column } from '../../ui/Table'
import { useUnsaved } from '../../ui/useUnsaved'

type Rule = RetentionOut['rules'][number]
const MOST_DAYS = 36_500
/** Whether days can be kept: a whole number of them, or none for good. */
const fits = (days: number | null | undefined): boolean => days === null || days === undefined || (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS)
const count = (value: number) => new Intl.NumberFormat(locale).format(value)

export function RetentionSection({ manages }: { manages: boolean }) {
  const { data, error, refetch } = useQuery(retentionQuery)
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  return data ? <RuleTable data={data} manages={manages} /> : <Skeleton className="p-0" rows={6} />
}

/** Rules in a table that is edited in place; nothing is in force before a dry run has told what would go. */
function RuleTable({ data, manages }: { data: RetentionOut; manages: boolean }) {
  const { preview, keep } = usePrivacy()
  const [edited, setEdited] = useState<Rules>({})
  const [asking, setAsking] = useState(false)
  const changed = Object.keys(edited).length > 0
  const previewed = preview.data?.rules
  const total = previewed?.reduce((sum, rule) => sum + rule.due, 0) ?? 0
  const daysOf = (rule: Rule) => (rule.kind in edited ? edited[rule.kind] : rule.days)
  const type = (rule: Rule, text: string) => {
    const days = text ? Number(text) : null
    preview.reset()
    setEdited(Object.fromEntries(Object.entries({ ...edited, [rule.kind]: days }).filter(([kind, value]) => value !== data.rules.find((one) => one.kind === kind)?.days)))
  }
  const reset = () => { setEdited({}); preview.reset() }
  const wrong = !Object.values(edited).every(fits)
  const question = useUnsaved(changed)
  const dryRun = () => { if (changed && !wrong) preview.mutate(edited) }
  useCommands(manages && changed ? [{ id: 'privacy.dryRun', label: words.dryRun, group: 'page', run: dryRun }] : [])
  const columns: Column<Rule>[] = [
    { id: 'kind', title: words.dataKind, cell: (rule) => <span className="font-medium">{words.data[rule.kind] ?? rule.kind}</span> },
    {
      id: 'days', title: words.days, className: 'w-36',
      cell: (rule) => (manages
        ? <input
            type="number" min={1} max={MOST_DAYS} aria-invalid={!fits(daysOf(rule)) || undefined} aria-label={words.daysOf(words.data[rule.kind] ?? rule.kind)} placeholder={words.forGood} value={daysOf(rule) ?? ''}
            onChange={(event) => type(rule, event.target.value)}
            className="h-7 w-28 rounded-md border border-line-strong bg-panel px-2 tabular-nums aria-invalid:border-critical placeholder:text-fg-3 pointer-coarse:h-11"
          />
        : (rule.days ?? <span className="text-fg-3">{words.forGood}</span>)),
    },
    { id: 'due', title: words.due, number: true, cell: (rule) => count(rule.due) },
    ...(previewed ? [{ id: 'would', title: words.wouldGo, number: true, cell: (rule: Rule) => <b className="font-semibold">{count(previewed.find((one) => one.kind === rule.kind)?.due ?? 0)}</b> }] : []),
  ]
  return (
    <>
      {question}
      <Table label={words.retention} columns={columns} rows={data.rules} keyOf={(rule) => rule.kind} />
      {manages && (
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <Button disabled={!changed || wrong || preview.isPending} onClick={dryRun}>{words.dryRun}</Button>
          <Button variant="primary" disabled={!previewed} onClick={() => setAsking(true)}>{words.keep}</Button>
          {changed && <Button variant="ghost" onClick={reset}>{words.reset}</Button>}
          <p role="status" className="text-xs text-fg-2">{previewed && words.dryRunDone(total)}</p>
          {wrong && <p role="alert" className="text-xs text-critical">{words.daysWrong}</p>}
          {preview.error && <p role="alert" className="text-xs text-critical">{sentence(preview.error)}</p>}
        </div>
      )}
      {asking && (
        <Confirm title={words.keepTitle} action={words.keep} danger={total > 0} onClose={() => setAsking(false)} onConfirm={() => keep.mutateAsync(edited).then(() => { reset(); toast({ title: words.kept }) })}>
          <p>{words.keepHint(total)}</p>
        </Confirm>
      )}
    </>
  )
}
