import { useQuery } from '@tanstack/react-query'
import { topicsQuery } from '../../api/queries/copilot'
import { issueQuery, type Issue } from '../../api/queries/issues'
import { useMay } from '../../api/queries/me'
import type { Panel } from '../../api/schema'
import { capital, languageName, topicName } from '../../lib/names'
import { saidAll } from '../../lib/reasons'
import { percent } from '../../lib/text'
import { duration } from '../../lib/moments'
import { t } from '../../strings/work'
import { Badge, Severity, cx } from '../../ui'
import { SEVERITIES } from '../issue/choices'
import { Card, Factors, Foot, Why } from './Card'
import { Correction } from './Correction'

type Props = { issueId: string; panel: Panel }

export function SeverityCard({ issueId, panel: { severity, critical } }: Props) {
  const options = SEVERITIES.map((value) => ({ value, label: t.issue.severity[value] }))
  const correction = <Correction issueId={issueId} part="severity" title={t.copilot.severity} value={severity.value ?? 'medium'} options={options} />
  return (
    <Card title={t.copilot.severity} part={severity} aside={<Severity value={severity.value} />} foot={<Foot sure={severity.confidence} part={severity}>{correction}</Foot>}>
      <Factors factors={severity.factors ?? []} />
      <InForce issueId={issueId} estimate={severity.value} />
      {critical.value && (
        <p className="mt-2 rounded-md bg-critical-soft px-2 py-1 text-xs text-critical"><b className="font-medium">{t.copilot.criticalReasons}:</b> {saidAll(critical.reasons, critical.reasons_code).join('; ')}</p>
      )}
    </Card>
  )
}

/** Where the severity of the header is another than the estimate: that it is, and why. */
function InForce({ issueId, estimate }: { issueId: string; estimate: Panel['severity']['value'] }) {
  const { data: issue } = useQuery({ ...issueQuery(issueId), enabled: false })
  const mayCorrect = useMay('analysis.correct')
  if (!issue?.severity || !estimate || issue.severity === estimate) return null
  const by = issue.severity_source ?? 'model'
  const why = t.copilot.inForceBy[by] ?? t.copilot.inForceBy.model
  return <p className="mt-2 text-xs text-fg-2">{t.copilot.inForce(t.issue.severity[issue.severity])} {why}{by === 'import' && mayCorrect && ` ${t.copilot.inForceCorrect}`}</p>
}

const SHORTEST_H = 0.25
const LONGEST_H = 720

/** Where the median lies between the low and the high end, on a scale of logarithms: minutes to a month. */
function Range({ low, median, high }: { low: number; median: number; high: number }) {
  const place = (hours: number) => (Math.log(Math.min(LONGEST_H, Math.max(hours, SHORTEST_H)) / SHORTEST_H) / Math.log(LONGEST_H / SHORTEST_H)) * 100
  const from = place(low)
  return (
    <div aria-hidden className="relative my-2 h-1.5 rounded-full bg-hover">
      <i className="absolute h-full rounded-full bg-accent opacity-45 forced-colors:bg-[CanvasText]" style={{ left: `${from}%`, width: `${Math.max(2, place(high) - from)}%` }} />
      <i className="absolute -top-1 h-3.5 w-0.5 rounded-full bg-accent-text" style={{ left: `${place(median)}%` }} />
    </div>
  )
}

type PropsOfEnd = { issue: Issue; panel: Panel }
const HOUR_MS = 3_600_000

/** Whether there is nothing to foretell: it is known what came. */
export const isOver = ({ status }: Issue): boolean => status === 'resolved' || status === 'closed'

/** What came, and what had been foretold. */
function Came({ title, fact, foretold }: { title: string; fact: string; foretold: string | undefined }) {
  return (
    <Card title={title} className="odd:border-r">
      <p data-number className="text-lg font-semibold">{fact}</p>
      {foretold && <p data-number className="text-xs text-fg-2">{t.copilot.foretold(foretold)}</p>}
    </Card>
  )
}

export function TimeCard({ issue, panel: { resolution_time: time } }: PropsOfEnd) {
  const { low_hours: low, median_hours: median, high_hours: high } = time
  const known = typeof low === 'number' && typeof median === 'number' && typeof high === 'number'
  if (isOver(issue) && issue.resolved_at) {
    const took = (Date.parse(issue.resolved_at) - Date.parse(issue.created_at)) / HOUR_MS
    return <Came title={t.copilot.resolveBy} fact={t.copilot.took(duration(took))} foretold={known ? duration(median) : undefined} />
  }
  const correction = <Correction issueId={issue.id} part="resolution_time" title={t.copilot.resolveBy} value={known ? String(Math.round(median)) : ''} type="number" label={t.copilot.correctHours} read={Number} />
  return (
    <Card title={t.copilot.resolveBy} part={time} className="border-r" foot={<Foot part={time}>{correction}</Foot>}>
      {known && (
        <>
          <p data-number className="text-lg font-semibold">{duration(median)}</p>
          <Range low={low} median={median} high={high} />
          <p data-number className="text-xs text-fg-2">{t.copilot.range(duration(low), duration(high), percent(time.coverage ?? 0))}</p>
        </>
      )}
      <Why factors={time.factors} />
    </Card>
  )
}

export function RiskCard({ issue, panel: { satisfaction_risk: risk } }: PropsOfEnd) {
  const chance = risk.probability
  if (isOver(issue) && issue.rating) {
    return <Came title={t.copilot.csatRisk} fact={capital(t.copilot.rated(issue.rating.score))} foretold={typeof chance === 'number' ? t.copilot.percent(percent(chance)) : undefined} />
  }
  const correction = <Correction issueId={issue.id} part="satisfaction_risk" title={t.copilot.csatRisk} value={typeof chance === 'number' ? String(percent(chance)) : ''} type="number" label={t.copilot.correctPercent} read={(given) => Number(given) / 100} />
  return (
    <Card title={t.copilot.csatRisk} part={risk} foot={<Foot sure={risk.confidence} part={risk}>{correction}</Foot>}>
      {typeof chance === 'number' && (
        <p data-number className={cx('text-lg font-semibold', chance >= 0.5 ? 'text-critical' : chance >= 0.25 ? 'text-high' : 'text-ok')}>{t.copilot.percent(percent(chance))}</p>
      )}
      <Why factors={risk.factors} />
    </Card>
  )
}

const LEAST_TOLD = 0.2

export function TopicCard({ issueId, panel: { category, language } }: Props) {
  const { data: topics = [] } = useQuery(topicsQuery)
  // What is hardly more than a guess is told below, with how sure, and not as a badge.
  const told = category.value && (category.status === 'ok' || (category.confidence ?? 0) >= LEAST_TOLD)
  const aside = <>{told && <Badge>{topicName(category.value ?? '')}</Badge>}{language.code && <Badge>{languageName(language.code)}</Badge>}</>
  const known = [...new Set(category.value ? [...topics, category.value] : topics)]
  const options = known.map((value) => ({ value, label: topicName(value) })).sort((a, b) => a.label.localeCompare(b.label))
  const correction = (
    <Correction
      issueId={issueId} part="category" title={t.copilot.category} value={category.value ?? options[0]?.value ?? ''}
      {...(options.length && { options, another: { option: t.copilot.correctAnother, label: t.copilot.correctAnotherName } })}
    />
  )
  return <Card title={t.copilot.category} part={category} aside={aside} foot={<Foot sure={category.confidence} part={category}>{correction}</Foot>}>{category.value && !told && <p className="text-xs text-fg-2">{t.copilot.perhaps(topicName(category.value))}</p>}</Card>
}
