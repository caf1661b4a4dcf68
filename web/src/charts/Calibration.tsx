import { scaleLinear, scaleSqrt } from 'd3-scale'
import { useState } from 'react'
import { percent } from '../lib/text'
import { words } from '../strings/pages/analytics'
import { READABLE, Reader } from './Reader'
import { likelyShare } from './scale'
import { Tip } from './Tip'
import { useWidth } from './useWidth'

/** Of `count` that were foretold with this share on average, `hits` came true. */
export type Told = { forecast: number; hits: number; count: number }
const [LEFT, RIGHT, TOP, BOTTOM, HEIGHT] = [40, 12, 10, 36, 236]
const MARKS = [0, 0.25, 0.5, 0.75, 1]
/** With fewer than these a point is drawn hollow. */
const FEW = 10

/** What was foretold beside what came: right forecasts lie on the line. A bar reaches as far as chance could move a point. */
export function Calibration({ label, readLabel, points }: { label: string; readLabel: string; points: readonly Told[] }) {
  const [ref, width] = useWidth<HTMLDivElement>()
  const [at, setAt] = useState<number>()
  const x = scaleLinear([0, 1], [LEFT, Math.max(LEFT, width - RIGHT)])
  const y = scaleLinear([0, 1], [HEIGHT - BOTTOM, TOP])
  const r = scaleSqrt([0, Math.max(1, ...points.map(({ count }) => count))], [3, 9])
  const say = (index: number) => {
    const point = points[index]
    return point ? words.foretold(percent(point.forecast), percent(point.hits / point.count), point.hits, point.count) : ''
  }
  const read = at === undefined ? undefined : points[at]
  return (
    <div ref={ref}>
      <div className={READABLE} style={{ height: HEIGHT }}>
        {width > 0 && (
          <svg role="img" aria-label={label} width={width} height={HEIGHT} className="block" onPointerLeave={() => setAt(undefined)}>
            {MARKS.map((mark) => (
              <g key={mark} aria-hidden className="fill-fg-3 text-2xs tabular-nums">
                <line x1={LEFT} x2={width - RIGHT} y1={y(mark)} y2={y(mark)} className="stroke-line" shapeRendering="crispEdges" />
                <text x={LEFT - 6} y={y(mark) + 4} textAnchor="end">{words.share(percent(mark))}</text>
                <text x={x(mark)} y={HEIGHT - BOTTOM + 16} textAnchor={mark === 1 ? 'end' : mark === 0 ? 'start' : 'middle'}>{words.share(percent(mark))}</text>
              </g>
            ))}
            <text aria-hidden x={(LEFT + width - RIGHT) / 2} y={HEIGHT - 4} textAnchor="middle" className="fill-fg-2 text-2xs">{words.foretoldAxis}</text>
            <line aria-hidden x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} className="stroke-line-strong" strokeDasharray="4 4" />
            {points.map(({ forecast, hits, count }, index) => {
              const [low, high] = likelyShare(hits, count)
              return (
                <g key={forecast} aria-hidden className="stroke-accent text-accent" onPointerEnter={() => setAt(index)} onPointerDown={() => setAt(index)}>
                  <rect x={x(forecast) - 14} y={y(high) - 8} width={28} height={y(low) - y(high) + 16} className="fill-transparent stroke-none" />
                  <line x1={x(forecast)} x2={x(forecast)} y1={y(low)} y2={y(high)} strokeWidth={1.5} opacity={0.7} />
                  <circle cx={x(forecast)} cy={y(hits / count)} r={r(count)} strokeWidth={2} className={count < FEW ? 'fill-panel' : 'fill-accent forced-colors:fill-[CanvasText]'} />
                  {at === index && <circle cx={x(forecast)} cy={y(hits / count)} r={r(count) + 3} strokeWidth={1.5} className="fill-none stroke-fg" />}
                </g>
              )
            })}
          </svg>
        )}
        <Reader label={readLabel} count={points.length} at={at} say={say} onRead={setAt} />
        {read && at !== undefined && <Tip x={x(read.forecast)} y={Math.max(0, y(read.hits / read.count) - 14)} width={width}>{say(at)}</Tip>}
      </div>
    </div>
  )
}
