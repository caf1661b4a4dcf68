import { scaleLinear } from 'd3-scale'
import { ArrowDownRight, ArrowUpRight } from 'lucide-react'
import { words } from '../strings/pages/analytics'
import { cx } from '../ui'
import { useWidth } from './useWidth'

export type Move = { id: string; name: string; count: number; before: number; trend: 'grew' | 'shrank' | 'steady' }
const HEIGHT = 16

/** What there was of each, before and now. Only what chance does not explain is set off. */
export function Moves({ rows }: { rows: readonly Move[] }) {
  const [ref, width] = useWidth<HTMLSpanElement>()
  const x = scaleLinear([0, Math.max(1, ...rows.flatMap(({ count, before }) => [count, before]))], [5, Math.max(5, width - 5)])
  return (
    <>
      <ul className="mb-2 flex flex-wrap gap-x-4 text-xs text-fg-2">
        <li className="flex items-center gap-1.5"><Dot hollow />{words.periodBefore}</li>
        <li className="flex items-center gap-1.5"><Dot />{words.thisPeriod}</li>
      </ul>
      <ul className="space-y-0.5">
        {rows.map(({ id, name, count, before, trend }, index) => (
          <li key={id} className="grid min-h-6 grid-cols-[7.5rem_minmax(0,1fr)_2.5rem_5.5rem] items-center gap-2 text-xs max-xs:grid-cols-[6.5rem_minmax(0,1fr)_2rem_4.5rem]">
            <span className={cx('truncate', trend === 'steady' ? 'text-fg-2' : 'font-medium')} title={name}>{name}</span>
            <span ref={index === 0 ? ref : undefined} className="block h-4 min-w-0">
              {width > 0 && (
                <svg aria-hidden width={width} height={HEIGHT} className={cx('block', trend === 'steady' ? 'text-fg-3' : 'text-accent')}>
                  <line x1={5} x2={width - 5} y1={8} y2={8} className="stroke-line" />
                  <line x1={x(before)} x2={x(count)} y1={8} y2={8} stroke="currentColor" strokeWidth={trend === 'steady' ? 1 : 2.5} />
                  <circle cx={x(before)} cy={8} r={4} className="fill-panel" stroke="currentColor" strokeWidth={1.5} />
                  <circle cx={x(count)} cy={8} r={4.5} fill="currentColor" />
                </svg>
              )}
            </span>
            <span data-number className="text-right font-medium">{count}</span>
            <Change count={count} before={before} trend={trend} />
          </li>
        ))}
      </ul>
    </>
  )
}

function Change({ count, before, trend }: Pick<Move, 'count' | 'before' | 'trend'>) {
  if (trend === 'steady') return <span data-number className="text-right text-fg-3">{words.wasBefore(before)}</span>
  const Arrow = trend === 'grew' ? ArrowUpRight : ArrowDownRight
  return (
    <span data-number className="flex items-center justify-end gap-0.5 font-medium whitespace-nowrap text-accent-text">
      <Arrow size={13} aria-hidden />
      <span className="sr-only">{words.trends[trend]}</span>
      {words.wasBefore(before)}
      <span className="sr-only">{words.nowIs(count)}</span>
    </span>
  )
}

function Dot({ hollow }: { hollow?: boolean }) {
  return <svg aria-hidden width={10} height={10} className="text-accent"><circle cx={5} cy={5} r={4} className={hollow ? 'fill-panel' : 'fill-accent forced-colors:fill-[CanvasText]'} stroke="currentColor" strokeWidth={1.5} /></svg>
}
