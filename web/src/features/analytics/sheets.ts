/** The numbers behind each chart, as they are drawn, shown as a table and exported. */
import type { AgentsReport, DeskReport, SpanOut } from '../../api/schema'
import type { Cell, Sheet } from '../../charts/sheet'
import { duration } from '../../lib/moments'
import { topicName } from '../../lib/names'
import { percent } from '../../lib/text'
import { t } from '../../strings'
import { channels } from '../../strings/pages/channels'
import { words } from '../../strings/pages/analytics'
import { weekdays } from './sayings'

const parts = (title: string, name: string, rows: readonly (readonly [string, number])[], count = words.count): Sheet => ({ title, columns: [name, count], rows })

export const severityName = (severity: DeskReport['severities'][number]['severity']): string => (severity ? t.issue.severity[severity] : t.issue.severityUnknown)
export const topicLabel = (category: string | null): string => (category ? topicName(category) : words.topicsNone)
export const spanName = ({ under_hours: under }: SpanOut, before: SpanOut | undefined): string =>
  under === null ? words.longer(duration(before?.under_hours ?? 0)) : words.under(duration(under))
export const riskName = ({ from_share: from, to_share: to }: DeskReport['forecasts']['risks'][number]): string => words.riskStep(percent(from), percent(to))

const rounded = (value: number | null, digits = 2): number | null => (value === null ? null : Number(value.toFixed(digits)))
const spansOf = (title: string, spans: readonly SpanOut[]) => parts(title, words.span, spans.map((span, at) => [spanName(span, spans[at - 1]), span.count]))

function figures({ open_now: open, figures: now, before: past }: DeskReport): Sheet {
  const of = (name: string, take: (from: typeof now) => Cell): Cell[] => [name, take(now), take(past)]
  return {
    title: words.figures, columns: [words.figure, words.thisPeriod, words.periodBefore],
    rows: [
      [words.openNow, open, null],
      of(words.opened, (from) => from.opened), of(words.resolved, (from) => from.resolved),
      of(`${words.firstResponse} (h)`, (from) => rounded(from.first_response.median_hours)), of(`${words.resolution} (h)`, (from) => rounded(from.resolution.median_hours)),
      of(words.satisfaction, (from) => from.satisfaction.mean), of(words.rated(2).replace(/^2 /, ''), (from) => from.satisfaction.rated),
    ],
  }
}

/** Every table of a report, by the name of its chart. */
export function sheetsOf(report: DeskReport) {
  const { figures: now, days, arrivals, topics, groundedness, forecasts } = report
  const { copilot, promises, satisfaction } = now
  const names = weekdays('long')
  return {
    figures: figures(report),
    volume: { title: words.volume, columns: [words.day, words.opened, words.resolved], rows: days.map(({ day, opened, resolved }) => [day, opened, resolved]) },
    replySpans: spansOf(words.replySpans, report.first_response_spans),
    resolutionSpans: spansOf(words.resolutionSpans, report.resolution_spans),
    promises: {
      title: words.promises, columns: [words.clock, words.met, words.missed, words.running],
      rows: (['first_response', 'resolution'] as const).map((clock) => [words.clocks[clock], promises[clock].met, promises[clock].missed, promises[clock].running]),
    },
    ratings: parts(words.ratings, words.satisfaction, satisfaction.counts.map((count, at) => [words.stars(at + 1), count] as const).reverse()),
    arrivals: { title: words.arrivals, columns: [words.weekday, ...Array.from({ length: 24 }, (_, hour) => words.hour(hour))], rows: arrivals.counts.map((hours, at) => [names[at] ?? '', ...hours]) },
    topics: {
      title: words.topics, columns: [words.topic, words.thisPeriod, words.periodBefore, words.change],
      rows: topics.data.map(({ category, count, before, trend }) => [topicLabel(category), count, before, words.trends[trend]]),
    },
    severity: parts(words.severity, words.severity, report.severities.map(({ severity, count }) => [severityName(severity), count])),
    channel: parts(words.channel, words.channel, report.channels.map(({ channel, count }) => [channels[channel], count])),
    copilot: parts(words.copilot, words.outcome, (['accepted', 'edited', 'rejected', 'unanswered'] as const).map((outcome) => [words.outcomes[outcome], copilot[outcome]]), words.suggestions),
    grounded: parts(words.grounded, words.check, (['grounded', 'repaired', 'doubtful'] as const).map((kind) => [words.groundedKinds[kind], groundedness[kind]]), words.suggestions),
    times: parts(words.timesTold, words.forecast, (['sooner', 'within', 'later'] as const).map((kind) => [words.timesKinds[kind], forecasts.times[kind]])),
    risks: {
      title: words.risks, columns: [words.forecast, words.meanForecast, words.count, words.badlyRated],
      rows: forecasts.risks.map((step) => [riskName(step), step.mean_forecast === null ? null : percent(step.mean_forecast), step.rated, step.dissatisfied]),
    },
  } satisfies Record<string, Sheet>
}

export type Sheets = ReturnType<typeof sheetsOf>

export const agentsSheet = ({ data }: AgentsReport): Sheet => ({
  title: words.agents, columns: words.agentColumns,
  rows: data.map((row) => [
    row.name, row.open_now, row.resolved, row.reopened, rounded(row.median_first_response_hours), rounded(row.median_resolution_hours), row.rated, row.mean_rating, row.suggestions_used,
  ]),
})
