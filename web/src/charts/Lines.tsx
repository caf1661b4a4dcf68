import { scaleLinear, scalePoint } from 'd3-scale'
import { area, line as path } from 'd3-shape'
import { useState, type PointerEvent } from 'react'
import { cx } from '../ui'
import { READABLE, Reader } from './Reader'
import { spread } from './scale'
import { Tip } from './Tip'
import { useWidth } from './useWidth'

export type Line = { name: string; values: readonly number[]; tone: 'accent' | 'ok'; dashed?: boolean }
type Props = { label: string; lines: readonly Line[]; names: readonly string[]; shortNames: readonly string[]; readLabel: string }

const HEIGHT = 208
const LEFT = 34
const RIGHT = 8
const BOTTOM = 22
const TOP = 8
const STROKES = { accent: 'stroke-accent', ok: 'stroke-ok' }
const FILLS = { accent: 'bg-accent', ok: 'bg-ok' }

/** Numbers by day as lines: told apart by colour and by dashes; the pointer or the arrow keys read a day's numbers. */
export function Lines({ label, lines, names, shortNames, readLabel }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>()
  const [at, setAt] = useState<number>()
  const count = names.length
  const y = scaleLinear([0, Math.max(4, ...lines.flatMap((line) => line.values))], [HEIGHT - BOTTOM, TOP]).nice(4)
  const x = scalePoint(names.map((_, index) => index), [LEFT, Math.max(LEFT, width - RIGHT)])
  const place = (index: number) => (count > 1 ? x(index) : undefined) ?? (LEFT + width - RIGHT) / 2
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const inside = event.clientX - event.currentTarget.getBoundingClientRect().left
    setAt(Math.min(count - 1, Math.max(0, Math.round((inside - LEFT) / (x.step() || 1)))))
  }
  const say = (index: number) => `${names[index]}: ${lines.map((line) => `${line.name} ${line.values[index]}`).join(', ')}`
  const [first] = lines
  return (
    <div ref={ref}>
      <ul className="mb-2 flex flex-wrap gap-x-4 text-xs text-fg-2">
        {lines.map((line) => <li key={line.name} className="flex items-center gap-1.5"><Sample line={line} />{line.name}</li>)}
      </ul>
      <div className={READABLE} style={{ height: HEIGHT }}>
        {width > 0 && (
          <svg role="img" aria-label={label} width={width} height={HEIGHT} className="block touch-pan-y" onPointerMove={point} onPointerDown={point} onPointerLeave={() => setAt(undefined)}>
            {y.ticks(4).filter(Number.isInteger).map((mark) => (
              <g key={mark} aria-hidden>
                <line x1={LEFT} x2={width - RIGHT} y1={y(mark)} y2={y(mark)} className="stroke-line" shapeRendering="crispEdges" />
                <text x={LEFT - 8} y={y(mark) + 4} textAnchor="end" className="fill-fg-3 text-2xs tabular-nums">{mark}</text>
              </g>
            ))}
            {spread(count, Math.max(2, Math.floor(width / 90))).map((index) => (
              <text key={index} aria-hidden x={place(index)} y={HEIGHT - 4} textAnchor={count > 1 && index === 0 ? 'start' : place(index) > width - 30 ? 'end' : 'middle'} className="fill-fg-3 text-2xs">{shortNames[index]}</text>
            ))}
            {first && <path aria-hidden d={area<number>((_, index) => place(index), HEIGHT - BOTTOM, (value) => y(value))([...first.values]) ?? ''} className="fill-accent-soft forced-colors:fill-none" opacity={0.6} />}
            {at !== undefined && <line aria-hidden x1={place(at)} x2={place(at)} y1={TOP} y2={HEIGHT - BOTTOM} className="stroke-line-strong" />}
            {lines.map((line) => (
              <g key={line.name} aria-hidden className={STROKES[line.tone]}>
                <path d={path<number>((_, index) => place(index), (value) => y(value))([...line.values]) ?? ''} fill="none" strokeWidth={1.75} strokeLinejoin="round" strokeDasharray={line.dashed ? '5 4' : undefined} />
                {(at !== undefined || count === 1) && <circle cx={place(at ?? 0)} cy={y(line.values[at ?? 0] ?? 0)} r={3.5} className="fill-panel" strokeWidth={2} />}
              </g>
            ))}
          </svg>
        )}
        <Reader label={readLabel} count={count} at={at} say={say} onRead={setAt} />
        {at !== undefined && (
          <Tip x={place(at)} y={TOP} width={width}>
            <p className="mb-0.5 text-fg-3">{names[at]}</p>
            {lines.map((line) => <p key={line.name} className="flex items-center gap-2"><Sample line={line} />{line.name}<b data-number className="ml-auto pl-3 font-semibold">{line.values[at]}</b></p>)}
          </Tip>
        )}
      </div>
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
