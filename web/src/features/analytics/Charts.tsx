import type { ReactNode } from 'react'
import type { DeskReport, SpanOut, TimesOut } from '../../api/schema'
import { ChartCard, Nothing } from '../../charts/ChartCard'
import { Heat } from '../../charts/Heat'
import { Lines } from '../../charts/Lines'
import { Moves } from '../../charts/Moves'
import { RowBars, type RowBar, type Tone } from '../../charts/RowBars'
import type { Sheet } from '../../charts/sheet'
import { duration } from '../../lib/moments'
import { sayNumber } from '../../lib/figures'
import { channels } from '../../strings/pages/channels'
import { words } from '../../strings/pages/analytics'
import { sayDay, weekdays } from './sayings'
import { severityName, spanName, topicLabel, type Sheets } from './sheets'

type Props = { report: DeskReport; sheets: Sheets; file: string }
/** Topics that are drawn; the others stand in the table. */
const DRAWN = 10

/** A part of the page under its own heading. */
export function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-2 text-lg font-semibold">{title}</h2>
      <div className="grid gap-4 lg:grid-cols-2">{children}</div>
    </section>
  )
}

/** How many, and how long it took. */
export function VolumeCharts({ report, sheets, file }: Props) {
  const { figures } = report
  const ratings = figures.satisfaction.counts.map((count, at): RowBar => ({ id: String(at), name: words.stars(at + 1), value: count, tone: at < 2 ? 'critical' : at === 2 ? 'medium' : 'ok' })).reverse()
  return (
    <Group title={words.sections.volume}>
      <Volume report={report} sheets={sheets} file={file} />
      <Parts sheet={sheets.replySpans} file={`${file}-first-reply`} hint={spanHint(words.replyHint, figures.first_response)} rows={spans(report.first_response_spans)} />
      <Parts sheet={sheets.resolutionSpans} file={`${file}-resolution`} hint={spanHint(words.resolutionHint, figures.resolution)} rows={spans(report.resolution_spans)} />
      <Promises report={report} sheets={sheets} file={file} />
      <Parts sheet={sheets.ratings} file={`${file}-ratings`} hint={words.ratingsHint(figures.satisfaction.rated, figures.resolved)} rows={ratings} />
    </Group>
  )
}

/** When it comes, what about, how severe and from where. */
export function AboutCharts({ report, sheets, file }: Props) {
  const bySeverity = report.severities.map(({ severity, count }): RowBar => ({ id: severity ?? 'none', name: severityName(severity), value: count, tone: severity ?? 'low' }))
  const byChannel = report.channels.map(({ channel, count }): RowBar => ({ id: channel, name: channels[channel], value: count }))
  const topics = report.topics.data.map(({ category, ...rest }) => ({ id: category ?? '', name: topicLabel(category), ...rest }))
  const others = report.topics.left_out + Math.max(0, topics.length - DRAWN)
  return (
    <Group title={words.sections.about}>
      <Arrivals report={report} sheets={sheets} file={file} />
      <ChartCard sheet={sheets.topics} file={`${file}-topics`} hint={report.topics.comparable ? words.topicsHint : words.topicsAlone} className="lg:row-span-2">
        {topics.length ? <Moves rows={topics.slice(0, DRAWN)} /> : <Nothing>{words.nothing}</Nothing>}
        {others > 0 && <p className="mt-2 text-xs text-fg-3">{words.topicsLeft(others)}</p>}
      </ChartCard>
      <Parts sheet={sheets.severity} file={`${file}-severity`} hint={words.severityHint} rows={bySeverity} />
      <Parts sheet={sheets.channel} file={`${file}-channel`} hint={words.severityHint} rows={byChannel} />
    </Group>
  )
}

function Volume({ report: { days, figures }, sheets, file }: Props) {
  return (
    <ChartCard sheet={sheets.volume} file={`${file}-days`} className="lg:col-span-2">
      {figures.opened + figures.resolved === 0 ? <Nothing>{words.nothing}</Nothing> : (
        <Lines
          label={words.volumeLabel(figures.opened, figures.resolved)} readLabel={words.readDays}
          names={days.map(({ day }) => sayDay(day))} shortNames={days.map(({ day }) => sayDay(day, true))}
          lines={[
            { name: words.opened, values: days.map(({ opened }) => opened), tone: 'accent' },
            { name: words.resolved, values: days.map(({ resolved }) => resolved), tone: 'ok', dashed: true },
          ]}
        />
      )}
    </ChartCard>
  )
}

function Promises({ report: { figures: { promises } }, sheets, file }: Props) {
  const clocks = [promises.first_response, promises.resolution]
  const tones = { met: 'ok', missed: 'critical', running: 'low' } as const
  return (
    <ChartCard sheet={sheets.promises} file={`${file}-response-times`} hint={words.promisesHint}>
      {clocks.every(({ met, missed, running }) => met + missed + running === 0) ? <Nothing>{words.nothing}</Nothing> : (['first_response', 'resolution'] as const).map((clock) => (
        <div key={clock} className="mb-3 last:mb-0">
          <h4 className="mb-1 text-xs font-medium">{words.clocks[clock]}</h4>
          <RowBars rows={(['met', 'missed', 'running'] as const).map((kind): RowBar => ({ id: kind, name: words[kind], value: promises[clock][kind], tone: tones[kind] }))} />
        </div>
      ))}
    </ChartCard>
  )
}

function Arrivals({ report: { arrivals, figures, time_zone: zone }, sheets, file }: Props) {
  const [short, long] = [weekdays('short'), weekdays('long')]
  const { counts, days } = arrivals
  const say = (row: number, hour: number) => {
    const count = counts[row]?.[hour] ?? 0
    const times = days[row] ?? 0
    return words.hourOf(long[row] ?? '', hour, count, count && times > 1 ? sayNumber(count / times, 1) : '')
  }
  const all = counts.flat()
  const peak = all.indexOf(Math.max(...all))
  return (
    <ChartCard sheet={sheets.arrivals} file={`${file}-hours`} hint={words.arrivalsHint(zone)} className="lg:col-span-2">
      {figures.opened === 0 ? <Nothing>{words.nothing}</Nothing> : (
        <Heat label={words.arrivalsLabel(figures.opened, say(Math.floor(peak / 24), peak % 24))} readLabel={words.readHours} rows={short} counts={counts} say={say} />
      )}
    </ChartCard>
  )
}

/** A whole by its parts. */
export function Parts({ sheet, hint, rows, file, nothing }: { sheet: Sheet; hint: string; rows: readonly RowBar[]; file: string; nothing?: string }) {
  const empty = rows.every(({ value }) => value === 0)
  return <ChartCard sheet={sheet} hint={empty ? undefined : hint} file={file}>{empty ? <Nothing>{nothing ?? words.nothing}</Nothing> : <RowBars rows={rows} />}</ChartCard>
}

export const bars = <Kind extends string>(kinds: readonly (readonly [Kind, Tone])[], names: Record<Kind, string>, counts: Record<Kind, number>): RowBar[] =>
  kinds.map(([kind, tone]) => ({ id: kind, name: names[kind], value: counts[kind], tone }))

const spans = (all: readonly SpanOut[]): RowBar[] => all.map((span, at) => ({ id: String(at), value: span.count, name: spanName(span, all[at - 1]) }))

const spanHint = (hint: string, times: TimesOut): string =>
  times.p90_hours === null ? hint : `${hint} ${words.nineOfTen(duration(times.p90_hours))}`
