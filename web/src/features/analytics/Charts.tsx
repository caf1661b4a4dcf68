import type { DeskReport, SpanOut, TimesOut } from '../../api/schema'
import { ChartCard } from '../../charts/ChartCard'
import { Lines } from '../../charts/Lines'
import { RowBars, type RowBar } from '../../charts/RowBars'
import { percent } from '../../lib/text'
import { duration } from '../../lib/moments'
import { t } from '../../strings'
import { words } from '../../strings/pages/analytics'
import type { Column } from '../../ui/Table'
import { sayDay } from './AnalyticsPage'

/** Each figure as a chart, each chart as a table. */
export function Charts({ report }: { report: DeskReport }) {
  const { figures, severities, channels } = report
  const bySeverity = severities.map(({ severity, count }): RowBar => ({
    id: severity ?? 'none', name: severity ? t.issue.severity[severity] : t.issue.severityUnknown, value: count, tone: severity ?? 'low',
  }))
  const byChannel = channels.map(({ channel, count }): RowBar => ({ id: channel, name: t.issue.channel[channel], value: count }))
  const ratings = figures.satisfaction.counts.map((count, index): RowBar => ({ id: String(index), name: words.stars(index + 1), value: count, tone: index < 2 ? 'critical' : index === 2 ? 'medium' : 'ok' })).reverse()
  const { copilot } = figures
  const outcomes: RowBar[] = [
    { id: 'accepted', name: words.outcomes.accepted, value: copilot.accepted, tone: 'ok' },
    { id: 'edited', name: words.outcomes.edited, value: copilot.edited, tone: 'accent' },
    { id: 'rejected', name: words.outcomes.rejected, value: copilot.rejected, tone: 'critical' },
    { id: 'unanswered', name: words.outcomes.unanswered, value: copilot.unanswered, tone: 'low' },
  ]
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Volume report={report} />
      <Parts title={words.replySpans} hint={spanHint(words.replyHint, figures.first_response)} name={words.span} rows={spans(report.first_response_spans)} />
      <Parts title={words.resolutionSpans} hint={spanHint(words.resolutionHint, figures.resolution)} name={words.span} rows={spans(report.resolution_spans)} />
      <Parts title={words.severity} hint={words.severityHint} name={words.severity} rows={bySeverity} />
      <Parts title={words.channel} hint={words.severityHint} name={words.channel} rows={byChannel} />
      <Parts title={words.ratings} hint={words.ratingsHint(figures.satisfaction.rated)} name={words.satisfaction} rows={ratings} />
      <Parts
        title={words.copilot} name={words.outcome} count={words.suggestions} rows={outcomes}
        hint={[words.copilotHint(copilot.issues), copilot.mean_edit_distance !== null && words.editDistance(percent(copilot.mean_edit_distance))].filter(Boolean).join(' ')}
      />
    </div>
  )
}

function Volume({ report }: { report: DeskReport }) {
  const { days, figures } = report
  const columns: Column<(typeof days)[number]>[] = [
    { id: 'day', title: words.day, cell: ({ day }) => sayDay(day) },
    { id: 'opened', title: words.opened, number: true, cell: ({ opened }) => opened },
    { id: 'resolved', title: words.resolved, number: true, cell: ({ resolved }) => resolved },
  ]
  return (
    <ChartCard title={words.volume} columns={columns} rows={[...days].reverse()} keyOf={({ day }) => day} className="lg:col-span-2">
      <Lines
        label={words.volumeLabel(figures.opened, figures.resolved)} names={days.map(({ day }) => sayDay(day))} shortNames={days.map(({ day }) => sayDay(day, true))}
        lines={[
          { name: words.opened, values: days.map(({ opened }) => opened), tone: 'accent' },
          { name: words.resolved, values: days.map(({ resolved }) => resolved), tone: 'ok', dashed: true },
        ]}
      />
    </ChartCard>
  )
}

function Parts({ title, hint, name, rows, count = words.count }: { title: string; hint: string; name: string; rows: readonly RowBar[]; count?: string }) {
  const columns: Column<RowBar>[] = [
    { id: 'name', title: name, cell: (row) => row.name },
    { id: 'count', title: count, number: true, cell: (row) => row.value },
  ]
  return <ChartCard title={title} hint={hint} columns={columns} rows={rows} keyOf={(row) => row.id}><RowBars rows={rows} /></ChartCard>
}

const spans = (all: readonly SpanOut[]): RowBar[] =>
  all.map(({ under_hours: under, count }, index) => ({
    id: String(index), value: count, name: under === null ? words.longer(duration(all[index - 1]?.under_hours ?? 0)) : words.under(duration(under)),
  }))

const spanHint = (hint: string, times: TimesOut): string =>
  times.p90_hours === null ? hint : `${hint} ${words.nineOfTen(duration(times.p90_hours))}`
