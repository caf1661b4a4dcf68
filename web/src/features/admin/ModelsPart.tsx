import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { RANGES, modelsQuery, type Range } from '../../api/queries/reports'
import type { ModelsReport, NamedUsage, TaskModel } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { locale } from '../../strings'
import { words } from '../../strings/pages/models'
import { Skeleton } from '../../ui'
import { Section } from '../../ui/Page'
import { Segmented } from '../../ui/Segmented'
import { Table, type Column } from '../../ui/Table'

type Group = keyof typeof words.groups
const GROUPS = (Object.keys(words.groups) as Group[]).map((value) => ({ value, label: words.groups[value] }))
const usd = (amount: number) => new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', maximumFractionDigits: amount && amount < 0.1 ? 4 : 2 }).format(amount)
const count = (value: number) => new Intl.NumberFormat(locale).format(value)
const limit = (amount: number | null) => (amount === null ? <span className="text-fg-3">{words.none}</span> : usd(amount))

/** Which models are set, what they may cost, and what they did cost. */
export function ModelsPart() {
  const [days, setDays] = useState<Range>(30)
  const { data, error, refetch } = useQuery(modelsQuery(days))
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton className="p-0" />
  const ranges = RANGES.map((value) => ({ value: String(value), label: words.ranges[value] }))
  return (
    <div className="max-w-[1080px] space-y-6">
      <Segmented quiet label={words.range} options={ranges} value={String(days)} onChange={(value) => setDays(Number(value) as Range)} />
      <Spending report={data} />
      <div>
        <Section title={words.usage} hint={words.usageHint}><Usage report={data} /></Section>
        <Section title={words.configured} hint={words.configuredHint}><Table label={words.configured} columns={TASKS} rows={data.tasks} keyOf={(one) => one.task} /></Section>
      </div>
    </div>
  )
}

function Spending({ report }: { report: ModelsReport }) {
  const { total } = report
  const held = report.held_today_usd > 0 ? words.held(usd(report.held_today_usd)) : ''
  const tiles = [
    { title: words.today, value: usd(report.spent_today_usd), foot: held || (report.daily_usd === null ? words.noLimit : words.ofLimit(usd(report.daily_usd))) },
    { title: words.perUser, value: report.daily_usd_per_user === null ? words.none : usd(report.daily_usd_per_user), foot: '' },
    { title: words.cost, value: usd(total.cost_usd), foot: words.ranges[RANGES.find((days) => days === daysOf(report)) ?? 30] },
    { title: words.calls, value: count(total.calls), foot: `${words.failed}: ${count(total.failed)}` },
    { title: words.tokens, value: count(total.read_tokens + total.written_tokens), foot: `${count(total.read_tokens)} + ${count(total.written_tokens)}` },
  ]
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line lg:grid-cols-5 [&>:last-child]:max-lg:col-span-2">
      {tiles.map(({ title, value, foot }) => (
        <div key={title} className="bg-panel px-4 py-3">
          <dt className="text-xs text-fg-3">{title}</dt>
          <dd data-number className="text-2xl font-semibold whitespace-nowrap">{value}</dd>
          {foot && <dd className="text-2xs text-fg-3">{foot}</dd>}
        </div>
      ))}
    </dl>
  )
}

const daysOf = ({ first_day, last_day }: ModelsReport): number => Math.round((Date.parse(last_day) - Date.parse(first_day)) / 86_400_000) + 1

function Usage({ report }: { report: ModelsReport }) {
  const [group, setGroup] = useState<Group>('by_task')
  const nameOf = (one: NamedUsage) => (group === 'by_task' ? (words.tasks[one.id] ?? one.id) : one.name || words.background)
  const columns: Column<NamedUsage>[] = [
    { id: 'name', title: words.groups[group], cell: (one) => <span dir="auto" className="font-medium">{nameOf(one)}</span> },
    { id: 'calls', title: words.calls, number: true, cell: (one) => count(one.calls) },
    { id: 'failed', title: words.failed, number: true, from: 'md', cell: (one) => count(one.failed) },
    { id: 'tokens', title: words.tokens, number: true, from: 'md', cell: (one) => count(one.read_tokens + one.written_tokens) },
    { id: 'cost', title: words.cost, number: true, cell: (one) => usd(one.cost_usd) },
  ]
  return (
    <div className="space-y-3">
      <Segmented quiet label={words.by} options={GROUPS} value={group} onChange={setGroup} />
      {report[group].length > 0 ? <Table label={words.usage} columns={columns} rows={report[group]} keyOf={(one) => one.id} /> : <p className="text-fg-3">{words.nothing}</p>}
    </div>
  )
}

const TASKS: Column<TaskModel>[] = [
  { id: 'task', title: words.task, cell: (one) => <span className="font-medium">{words.tasks[one.task] ?? one.task}</span> },
  { id: 'model', title: words.model, cell: (one) => one.model ?? <span className="text-fg-3">{words.offline}</span> },
  { id: 'provider', title: words.provider, from: 'md', cell: (one) => one.provider },
  { id: 'limit', title: words.limit, number: true, from: 'md', cell: (one) => limit(one.daily_usd) },
]
