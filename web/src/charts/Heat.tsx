import { scaleQuantize } from 'd3-scale'
import { useState, type PointerEvent } from 'react'
import { words } from '../strings/pages/analytics'
import { READABLE, Reader } from './Reader'
import { Tip } from './Tip'
import { useWidth } from './useWidth'

type Props = { label: string; readLabel: string; rows: readonly string[]; counts: readonly (readonly number[])[]; say: (row: number, column: number) => string }

const LEFT = 40
const BOTTOM = 20
const GAP = 2
const COLUMNS = 24
const STEPS = [0.24, 0.42, 0.6, 0.8, 1]

/** Counts by weekday and hour: the darker, the more; the legend says how many. */
export function Heat({ label, readLabel, rows, counts, say }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>()
  const [at, setAt] = useState<number>()
  const side = Math.max(0, (width - LEFT) / COLUMNS)
  const tall = Math.max(18, Math.min(26, side))
  const height = rows.length * tall + BOTTOM
  const most = Math.max(1, ...counts.flat())
  const shade = scaleQuantize<number>([1, most + 1], STEPS.slice(-Math.min(STEPS.length, most)))
  const of = (index: number): [number, number] => [Math.floor(index / COLUMNS), index % COLUMNS]
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const [row, column] = [Math.floor((event.clientY - box.top) / tall), Math.floor((event.clientX - box.left - LEFT) / side)]
    setAt(row >= 0 && row < rows.length && column >= 0 && column < COLUMNS ? row * COLUMNS + column : undefined)
  }
  const [row = 0, column = 0] = at === undefined ? [] : of(at)
  return (
    <div ref={ref}>
      <div className={READABLE} style={{ height }}>
        {width > 0 && (
          <svg role="img" aria-label={label} width={width} height={height} className="block touch-pan-y" onPointerMove={point} onPointerDown={point} onPointerLeave={() => setAt(undefined)}>
            {rows.map((name, line) => (
              <g key={name} aria-hidden>
                <text x={0} y={line * tall + tall / 2 + 4} className="fill-fg-2 text-2xs">{name}</text>
                {(counts[line] ?? []).map((count, hour) => {
                  const box = { x: LEFT + hour * side, y: line * tall, width: Math.max(0, side - GAP), height: tall - GAP, rx: 2 }
                  return (
                    <g key={hour}>
                      <rect {...box} className="fill-hover forced-colors:stroke-[CanvasText]" />
                      {count > 0 && <rect {...box} className="fill-accent forced-colors:fill-[CanvasText]" fillOpacity={shade(count)} />}
                    </g>
                  )
                })}
              </g>
            ))}
            {at !== undefined && <rect aria-hidden x={LEFT + column * side - 1} y={row * tall - 1} width={side} height={tall} rx={3} fill="none" strokeWidth={2} className="stroke-fg" />}
            {Array.from({ length: COLUMNS }, (_, hour) => hour).filter((hour) => hour % (side < 20 ? 6 : 3) === 0).map((hour) => (
              <text key={hour} aria-hidden x={LEFT + hour * side} y={height - 4} className="fill-fg-3 text-2xs tabular-nums">{words.hour(hour)}</text>
            ))}
          </svg>
        )}
        <Reader label={readLabel} count={rows.length * COLUMNS} at={at} say={(index) => say(...of(index))} onRead={setAt} row={COLUMNS} />
        {at !== undefined && <Tip x={LEFT + (column + (LEFT + column * side > width / 2 ? 0 : 1)) * side} y={row * tall} width={width}>{say(row, column)}</Tip>}
      </div>
      <Legend shade={shade} most={most} />
    </div>
  )
}

function Legend({ shade, most }: { shade: ReturnType<typeof scaleQuantize<number>>; most: number }) {
  const steps = shade.range().map((opacity) => {
    const [from, to] = shade.invertExtent(opacity)
    return { opacity, from: Math.max(1, Math.ceil(from)), to: Math.min(most, Math.ceil(to) - 1) }
  })
  return (
    <ul aria-label={words.shades} className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-2xs text-fg-3">
      <li className="flex items-center gap-1"><i aria-hidden className="size-3 rounded-sm bg-hover" />{words.none}</li>
      {steps.map(({ opacity, from, to }) => (
        <li key={opacity} data-number className="flex items-center gap-1">
          <svg aria-hidden width={12} height={12}><rect width={12} height={12} rx={3} fillOpacity={opacity} className="fill-accent forced-colors:fill-[CanvasText]" /></svg>
          {from >= to ? from : words.fromTo(from, to)}
        </li>
      ))}
    </ul>
  )
}
