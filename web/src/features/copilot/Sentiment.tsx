import type { Panel } from '../../api/schema'
import { t } from '../../strings/work'
import { Badge } from '../../ui'
import { jumpToMessage } from '../issue/jump'
import { Card, Foot } from './Card'
import { Correction } from './Correction'

const WIDTH = 296
const HEIGHT = 44
const TONES = { negative: 'critical', neutral: 'low', positive: 'ok' } as const
const LABELS = ['negative', 'neutral', 'positive'] as const
const signed = (value: number): string => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(1)}`

/** How the customer sounds from message to message; each point goes to its message. */
export function SentimentCard({ issueId, panel: { sentiment } }: { issueId: string; panel: Panel }) {
  const points = (sentiment.points ?? []).slice(-20)
  const options = LABELS.map((value) => ({ value, label: t.copilot.sentimentLabel[value] }))
  const aside = sentiment.label && (
    <Badge tone={TONES[sentiment.label]}>{t.copilot.sentimentLabel[sentiment.label]}{sentiment.trend && points.length > 1 && `, ${t.copilot.trend[sentiment.trend]}`}</Badge>
  )
  const correction = <Correction issueId={issueId} part="sentiment" title={t.copilot.sentiment} value={sentiment.label ?? 'neutral'} options={options} />
  return (
    <Card title={t.copilot.sentiment} part={sentiment} aside={aside} foot={<Foot sure={sentiment.confidence} part={sentiment}>{correction}</Foot>}>
      {points.length > 1 && <Line points={points} />}
    </Card>
  )
}

function Line({ points }: { points: { message_id: string | null; value: number }[] }) {
  const x = (index: number) => 6 + (index * (WIDTH - 12)) / (points.length - 1)
  const y = (value: number) => HEIGHT / 2 - value * (HEIGHT / 2 - 6)
  const path = points.map((point, index) => `${index ? 'L' : 'M'}${x(index).toFixed(1)} ${y(point.value).toFixed(1)}`).join(' ')
  return (
    <div className="relative" style={{ height: HEIGHT }}>
      <svg aria-hidden viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="absolute inset-0 size-full overflow-visible">
        <line x1={0} x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} stroke="var(--line-strong)" strokeDasharray="2 4" vectorEffect="non-scaling-stroke" />
        <path d={path} fill="none" stroke="var(--accent-text)" strokeWidth={1.75} strokeLinecap="round" strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
      </svg>
      {points.map((point, index) => {
        const id = point.message_id
        return id && (
          <button
            key={id} type="button" onClick={() => jumpToMessage(id)} aria-label={`${index + 1}: ${t.copilot.sentimentPoint(signed(point.value))}`}
            className="absolute flex size-6 -translate-1/2 items-center justify-center rounded-full hover:bg-hover"
            style={{ left: `${(x(index) / WIDTH) * 100}%`, top: y(point.value) }}
          >
            <i aria-hidden className={`size-2 rounded-full ring-2 ring-panel ${point.value < -0.2 ? 'bg-critical' : point.value > 0.2 ? 'bg-ok' : 'bg-low'}`} />
          </button>
        )
      })}
    </div>
  )
}
