import { Link, type LinkProps } from '@tanstack/react-router'
import { useRef, useState, type KeyboardEvent } from 'react'
import { dayOf } from '../lib/time'
import { spread } from './scale'
import { useWidth } from './useWidth'

/** `height`: 0 at the lowest line, 1 at the highest. */
export type TimePoint = { id: string; at: string; height: number; tone: 'bad' | 'plain' | 'good'; told: string; link: LinkProps }
type Props = { label: string; points: readonly TimePoint[]; /** From the highest line to the lowest, with its word. */ lines: readonly (readonly [height: number, word: string])[]; /** Said where only the newest have room. */ fewer: (shown: number, all: number) => string }

const HEIGHT = 104
const EDGE = 14
/** Room for the words of the lines, in pixels. */
const WORDS = 66
/** Points nearer to one another than this, in pixels, cannot be told apart by a finger: they are moved apart, and the newest are shown. */
const POINT = 26
/** Room for a date. */
const DATE = 88
const FILLS = { bad: 'bg-critical', plain: 'bg-low', good: 'bg-ok' }

/** Moments with a height over time, each of which leads somewhere: one stop of Tab, from there on by arrows. */
export function TimePoints({ points: all, fewer, ...rest }: Props) {
  const [box, width] = useWidth<HTMLDivElement>()
  const points = all.slice(-fitting(width))
  return (
    <div ref={box} className="min-h-36">
      {width > 0 && <Drawn {...rest} width={width} points={points} />}
      {width > 0 && points.length < all.length && <p className="text-xs text-fg-3">{fewer(points.length, all.length)}</p>}
    </div>
  )
}

/** How many points there is room for. */
const fitting = (width: number): number => Math.max(2, Math.floor((width - WORDS - 2 * EDGE) / POINT) + 1)

/** Where each stands by its time, moved no further than so that none lies upon another. */
export function placesOf(times: readonly number[], from: number, to: number, apart: number): number[] {
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const scaled = times.map((time) => (last > first ? from + ((time - first) / (last - first)) * (to - from) : from))
  const places: number[] = []
  for (const place of scaled) places.push(Math.max(place, (places.at(-1) ?? -Infinity) + apart))
  return places.map((place, index) => Math.min(place, to - (places.length - 1 - index) * apart))
}

function Drawn({ label, points, lines, width }: Omit<Props, 'fewer'> & { width: number }) {
  const row = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(points.length - 1)
  const inHand = Math.min(at, points.length - 1)
  const x = placesOf(points.map((point) => Date.parse(point.at)), WORDS + EDGE, width - EDGE, POINT)
  const y = (height: number) => HEIGHT - EDGE - height * (HEIGHT - 2 * EDGE)
  const dates = spread(points.length, Math.floor((width - WORDS) / DATE)).flatMap((index) => (points[index] ? [{ left: x[index] ?? 0, day: dayOf(points[index].at) }] : []))
  const move = (event: KeyboardEvent) => {
    const to = { ArrowLeft: inHand - 1, ArrowRight: inHand + 1, Home: 0, End: points.length - 1 }[event.key]
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    row.current?.querySelectorAll<HTMLElement>('a')[Math.max(0, Math.min(points.length - 1, to))]?.focus()
  }
  return (
    <>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of the links in it */}
      <div ref={row} role="group" aria-label={label} className="relative" style={{ height: HEIGHT + 16 }} onKeyDown={move}>
        <svg aria-hidden width={width} height={HEIGHT} className="absolute inset-0">
          {lines.map(([height]) => <line key={height} x1={WORDS} x2={width} y1={y(height)} y2={y(height)} className="stroke-line-strong" strokeDasharray="2 4" />)}
          <polyline points={points.map(({ height }, index) => `${x[index]},${y(height)}`).join(' ')} fill="none" className="stroke-accent" strokeWidth={1.75} strokeLinejoin="round" />
        </svg>
        {lines.map(([height, word]) => <span key={height} aria-hidden className="absolute left-0 -translate-y-1/2 truncate text-2xs text-fg-3" style={{ top: y(height), width: WORDS - 6 }}>{word}</span>)}
        {points.map((point, index) => (
          <Link
            key={point.id} {...point.link} aria-label={point.told} tabIndex={index === inHand ? 0 : -1} onFocus={() => setAt(index)} onMouseEnter={() => setAt(index)}
            className={`absolute flex size-6 -translate-1/2 items-center justify-center rounded-full hover:bg-hover ${index === inHand ? 'bg-hover' : ''}`} style={{ left: x[index], top: y(point.height) }}
          >
            <i aria-hidden className={`size-2.5 rounded-full ring-2 ring-panel ${FILLS[point.tone]} forced-colors:bg-[CanvasText]`} />
          </Link>
        ))}
        {dates.filter(({ left }, place) => place === 0 || left - (dates[place - 1]?.left ?? 0) >= DATE - 20).map(({ left, day }, place) => (
          <span key={left} aria-hidden data-date className={`absolute text-2xs whitespace-nowrap text-fg-3 ${place === 0 ? '' : '-translate-x-1/2'}`} style={{ left: place === 0 ? left - 5 : Math.min(left, width - 26), top: HEIGHT }}>{day}</span>
        ))}
      </div>
      <p aria-hidden className="mt-1 min-h-4.5 truncate text-xs text-fg-2">{points[inHand]?.told}</p>
    </>
  )
}
