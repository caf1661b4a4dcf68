import { useState, type PointerEvent } from 'react'
import { cx } from '../ui'
import { spread, ticks } from './scale'
import { useWidth } from './useWidth'

export type Line = { name: string; values: readonly number[]; tone: 'accent' | 'ok'; dashed?: boolean }
type Props = { label: string; lines: readonly Line[]; names: readonly string[]; shortNames: readonly string[] }

const HEIGHT = 190
const LEFT = 30
const BOTTOM = 20
const TOP = 6
const STROKES = { accent: 'stroke-accent', ok: 'stroke-ok' }
const FILLS = { accent: 'bg-accent', ok: 'bg-ok' }

/** Numbers by day as lines: told apart by colour and by dashes; the pointer reads a day's numbers. */
export function Lines({ label, lines, names, shortNames }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>()
  const [at, setAt] = useState<number>()
  const count = names.length
  const marks = ticks(Math.max(0, ...lines.flatMap((line) => line.values)))
  const top = marks.at(-1) ?? 1
  const x = (index: number) => LEFT + (count > 1 ? (index / (count - 1)) * (width - LEFT - 6) : (width - LEFT) / 2)
  const y = (value: number) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM)
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const inside = event.clientX - event.currentTarget.getBoundingClientRect().left
    setAt(Math.min(count - 1, Math.max(0, Math.round(((inside - LEFT) / (width - LEFT - 6)) * (count - 1)))))
  }
  return (
    <div ref={ref} className="relative">
      <ul className="mb-2 flex flex-wrap gap-x-4 text-xs text-fg-2">
        {lines.map((line) => (
          <li key={line.name} className="flex items-center gap-1.5">
            <Sample line={line} />{line.name}{at !== undefined && <b data-number className="font-semibold text-fg">{line.values[at]}</b>}
          </li>
        ))}
        <li aria-hidden className="ml-auto text-fg-3">{at !== undefined && names[at]}</li>
      </ul>
      {width > 0 && (
        <svg role="img" aria-label={label} width={width} height={HEIGHT} className="block" onPointerMove={point} onPointerLeave={() => setAt(undefined)}>
          {marks.map((mark) => (
            <g key={mark} aria-hidden>
              <line x1={LEFT} x2={width} y1={y(mark)} y2={y(mark)} className="stroke-line" />
              <text x={LEFT - 6} y={y(mark) + 4} textAnchor="end" className="fill-fg-3 text-2xs tabular-nums">{mark}</text>
            </g>
          ))}
          {spread(count, Math.max(2, Math.floor(width / 90))).map((index) => (
            <text key={index} aria-hidden x={x(index)} y={HEIGHT - 4} textAnchor={index === 0 ? 'start' : 'middle'} className="fill-fg-3 text-2xs">{shortNames[index]}</text>
          ))}
          {at !== undefined && <line aria-hidden x1={x(at)} x2={x(at)} y1={TOP} y2={HEIGHT - BOTTOM} className="stroke-line-strong" />}
          {lines.map((line) => (
            <g key={line.name} aria-hidden className={STROKES[line.tone]}>
              <polyline
                points={line.values.map((value, index) => `${x(index)},${y(value)}`).join(' ')}
                fill="none" strokeWidth={2} strokeLinejoin="round" strokeDasharray={line.dashed ? '5 4' : undefined}
              />
              {at !== undefined && <circle cx={x(at)} cy={y(line.values[at] ?? 0)} r={3.5} className="fill-panel" strokeWidth={2} />}
            </g>
          ))}
        </svg>
      )}
    </div>
  )
}

function Sample({ line }: { line: Line }) {
  return (
    <span aria-hidden className="flex w-4 gap-0.5">
      {(line.dashed ? [1, 2] : [1]).map((part) => <i key={part} className={cx('h-0.5 flex-1 forced-colors:bg-[CanvasText]', FILLS[line.tone])} />)}
    </span>
  )
}
