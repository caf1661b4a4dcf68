import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { modelsInUseQuery, modelsQuery } from '../../api/queries/models'
import type { ModelsInUse, ModelsReport, NamedUsage, TaskModel } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { locale } from '../../strings'
import { words } from '../../strings/pages/models'
import { Skeleton } from '../../ui'
import { Section } from '../../ui/Page'
import { Segmented } from '../../ui/Segmented'
import { Table, type Column } from '../../ui/Table'
import { Pause, Providers } from './ModelsInUse'

type Range = `${keyof typeof words.ranges}`
type Group = keyof typeof words.groups
const RANGES = (['today', 'month', '30', '90', '365'] as const).map((value) => ({ value, label: words.ranges[value] }))
const GROUPS = (Object.keys(words.groups) as Group[]).map((value) => ({ value, label: words.groups[value] }))
/** Days are days in UTC, here as in the limits. */
const daysOf = (range: Range): number => (range === 'today' ? 1 : range === 'month' ? new Date().getUTCDate() : Number(range))
const usd = (amount: number) => new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', maximumFractionDigits: amount && amount < 0.1 ? 4 : 2 }).format(amount)
const count = (value: number) => new Intl.NumberFormat(locale).format(value)

/** Which models are set and whether they answer, what they may cost, and what they did cost. */
export function ModelsPart() {
  const [range, setRange] = useState<Range>('month')
  const use = useQuery(modelsInUseQuery)
  const { data, error, refetch } = useQuery(modelsQuery(daysOf(range)))
  if (error ?? use.error) return <ErrorView error={error ?? use.error} onRetry={() => void Promise.all([refetch(), use.refetch()])} />
  if (!data || !use.data) return <Skeleton className="p-0" />
  return (
    <div className="max-w-[67.5rem] space-y-6">
      {use.data.pause && <Pause use={use.data} />}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Segmented quiet label={words.range} options={RANGES} value={range} onChange={setRange} />
        {!use.data.pause && <Pause use={use.data} />}
      </div>
      <Spending report={data} range={range} />
      <div>
        <Section title={words.usage} hint={words.usageHint}><Usage report={data} today={range === 'today'} use={use.data} /></Section>
        <Providers use={use.data} />
        <Section title={words.configured} hint={words.configuredHint}><Tasks tasks={data.tasks} use={use.data} /></Section>
      </div>
    </div>
  )
}

function Spending({ report, range }: { report: ModelsReport; range: Range }) {
  const { total } = report
  const held = report.held_today_usd > 0 ? words.held(usd(report.held_today_usd)) : ''
  const tiles = [
    { title: words.today, value: usd(report.spent_today_usd), foot: held || (report.daily_usd === null ? words.noLimit : words.ofLimit(usd(report.daily_usd))) },
    { title: words.perUser, value: report.daily_usd_per_user === null ? words.none : usd(report.daily_usd_per_user), foot: '' },
    { title: words.cost, value: usd(total.cost_usd), foot: words.ranges[range] },
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

function Usage({ report, today, use }: { report: ModelsReport; today: boolean; use: ModelsInUse }) {
  const [group, setGroup] = useState<Group>('by_task')
  const modelOf = (provider: string) => use.providers.find((one) => one.name === provider)?.model
  const nameOf = (one: NamedUsage) => (group === 'by_task' ? (words.tasks[one.id] ?? one.id) : group === 'by_provider' ? [one.name, modelOf(one.id)].filter(Boolean).join(' · ') : one.name || words.background)
  const limitOf = (one: NamedUsage) => (!today ? null : group === 'by_task' ? (report.tasks.find((task) => task.task === one.id)?.daily_usd ?? null) : group === 'by_user' && one.id ? report.daily_usd_per_user : null)
  const columns: Column<NamedUsage>[] = [
    { id: 'name', title: words.groups[group], cell: (one) => <span dir="auto" className="font-medium break-words">{nameOf(one)}</span> },
    { id: 'calls', title: words.calls, number: true, cell: (one) => count(one.calls) },
    { id: 'failed', title: words.failed, number: true, from: 'md', cell: (one) => count(one.failed) },
    { id: 'tokens', title: words.tokens, number: true, from: 'md', cell: (one) => count(one.read_tokens + one.written_tokens) },
    { id: 'cost', title: words.cost, number: true, cell: (one) => <Gone cost={one.cost_usd} limit={limitOf(one)} /> },
  ]
  return (
    <div className="space-y-3">
      <Segmented quiet label={words.by} options={GROUPS} value={group} onChange={setGroup} />
      {report[group].length > 0 ? <Table label={words.usage} columns={columns} rows={report[group]} keyOf={(one) => one.id} /> : <p className="text-fg-3">{words.nothing}</p>}
    </div>
  )
}

/** What is gone, and of how much where there is a limit. */
function Gone({ cost, limit }: { cost: number; limit: number | null }) {
  return <>{usd(cost)}{limit !== null && <span className="text-fg-3"> {words.of(usd(limit))}</span>}</>
}

function Tasks({ tasks, use }: { tasks: TaskModel[]; use: ModelsInUse }) {
  const chainOf = (one: TaskModel) => use.tasks.find(({ task }) => task === one.task)?.chain ?? []
  const columns: Column<TaskModel>[] = [
    { id: 'task', title: words.task, cell: (one) => <span className="font-medium">{words.tasks[one.task] ?? one.task}</span> },
    { id: 'model', title: words.model, cell: (one) => one.model ? <span className="break-all">{one.model}</span> : <span className="text-fg-3">{words.offline}</span> },
    { id: 'chain', title: words.chain, from: 'md', cell: (one) => one.model && [...chainOf(one), words.offline].join(' → ') },
    { id: 'limit', title: words.limit, number: true, from: 'md', cell: (one) => one.daily_usd === null ? <span className="text-fg-3">{words.none}</span> : <Gone cost={one.counted_today_usd ?? 0} limit={one.daily_usd} /> },
  ]
  return <Table label={words.configured} columns={columns} rows={tasks} keyOf={(one) => one.task} />
}
