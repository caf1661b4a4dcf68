import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { customerSentimentQuery } from '../../api/queries/customers'
import type { MessageSentimentOut } from '../../api/schema'
import { useMay } from '../../api/queries/me'
import { useWidth } from '../../charts/useWidth'
import { sayNumber } from '../../lib/figures'
import { dateTime } from '../../lib/time'
import { words } from '../../strings/pages/customers'
import { messageElementId } from '../issue/jump'

const HEIGHT = 96
const EDGE = 14
/** Points nearer to one another than this, in pixels, cannot be told apart by a finger: the newest are shown. */
const POINT = 26

/** How a customer sounded from message to message, over all their issues; the same numbers are a table. */
export function SentimentOverTime({ customerId }: { customerId: string }) {
  const may = useMay('issues.read')
  const { data: all = [] } = useQuery({ ...customerSentimentQuery(customerId), enabled: may })
  return all.length > 1 && <Chart all={all} />
}

function Chart({ all }: { all: readonly MessageSentimentOut[] }) {
  const id = useId()
  const [box, width] = useWidth<HTMLDivElement>()
  const points = all.slice(-Math.max(2, Math.floor((width - 2 * EDGE) / POINT) + 1))
  return (
    <section aria-labelledby={id} className="rounded-xl border border-line px-4 py-3">
      <h2 id={id} className="font-semibold">{words.sentiment}</h2>
      <p className="text-xs text-fg-3">{words.sentimentHint}</p>
      <div ref={box} className="mt-2 min-h-24">{width > 0 && <Points points={points} width={width} />}</div>
      {/* A table that only screen readers have would still be as wide as its words. */}
      <div className="sr-only"><table>
        <caption>{words.sentimentTable}</caption>
        <tbody>{all.map((one) => <tr key={one.message_id}><th scope="row">{dateTime(one.at)}</th><td>{told(one)}</td><td>{one.subject}</td></tr>)}</tbody>
      </table></div>
    </section>
  )
}

const told = ({ label, value }: MessageSentimentOut): string => `${words.sounds[label]}, ${value > 0 ? '+' : ''}${sayNumber(value, 1).replace('-', '−')}`
const FILLS = { negative: 'bg-critical', neutral: 'bg-low', positive: 'bg-ok' }

function Points({ points, width }: { points: readonly MessageSentimentOut[]; width: number }) {
  const [at, setAt] = useState<number>()
  const x = (index: number) => EDGE + (index * (width - 2 * EDGE)) / (points.length - 1)
  const y = (value: number) => HEIGHT / 2 - value * (HEIGHT / 2 - EDGE)
  const shown = at === undefined ? undefined : points[at]
  return (
    <>
      <div className="relative" style={{ height: HEIGHT }}>
        <svg aria-hidden width={width} height={HEIGHT} className="absolute inset-0">
          <line x1={0} x2={width} y1={HEIGHT / 2} y2={HEIGHT / 2} className="stroke-line-strong" strokeDasharray="2 4" />
          <polyline points={points.map(({ value }, index) => `${x(index)},${y(value)}`).join(' ')} fill="none" className="stroke-accent" strokeWidth={1.75} strokeLinejoin="round" />
        </svg>
        {points.map((one, index) => (
          <Link
            key={one.message_id} to="/inbox/$view/$issueId" params={{ view: 'all', issueId: one.issue_id }} hash={messageElementId(one.message_id)}
            aria-label={`${dateTime(one.at)}: ${told(one)}, ${one.subject}`}
            onFocus={() => setAt(index)} onMouseEnter={() => setAt(index)} onBlur={() => setAt(undefined)} onMouseLeave={() => setAt(undefined)}
            className="absolute flex size-6 -translate-1/2 items-center justify-center rounded-full hover:bg-hover"
            style={{ left: x(index), top: y(one.value) }}
          >
            <i aria-hidden className={`size-2.5 rounded-full ring-2 ring-panel ${FILLS[one.label]} forced-colors:bg-[CanvasText]`} />
          </Link>
        ))}
      </div>
      <p aria-hidden className="min-h-4.5 truncate text-xs text-fg-2">{shown && `${dateTime(shown.at)} · ${told(shown)} · ${shown.subject}`}</p>
    </>
  )
}
