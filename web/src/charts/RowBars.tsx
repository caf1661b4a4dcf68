import type { ReactNode } from 'react'
import { percent } from '../lib/text'
import { words } from '../strings/pages/analytics'
import { cx } from '../ui'

export type Tone = 'accent' | 'ok' | 'critical' | 'high' | 'medium' | 'low'
export type RowBar = { id: string; name: ReactNode; value: number; tone?: Tone }
export const BAR_TONES: Record<Tone, string> = { accent: 'bg-accent', ok: 'bg-ok', critical: 'bg-critical', high: 'bg-high', medium: 'bg-medium', low: 'bg-low' }

/** How a whole is made up: a bar, a number and a share for each part. No track behind a bar: the longest would look like all of it. */
export function RowBars({ rows }: { rows: readonly RowBar[] }) {
  const total = rows.reduce((sum, row) => sum + row.value, 0)
  const largest = Math.max(1, ...rows.map((row) => row.value))
  if (total === 0) return <p className="py-6 text-center text-fg-3">{words.nothing}</p>
  return (
    <ul className="space-y-1.5">
      {rows.map((row) => (
        <li key={row.id} className="grid grid-cols-[7.5rem_minmax(0,1fr)_2.5rem_2.75rem] items-center gap-2 text-xs">
          <span className="truncate text-fg-2">{row.name}</span>
          <span aria-hidden className="h-3">
            <i className={cx('block h-full rounded-sm forced-colors:bg-[CanvasText]', BAR_TONES[row.tone ?? 'accent'])} style={{ width: `${(row.value / largest) * 100}%` }} />
          </span>
          <span data-number className="text-right font-medium">{row.value}</span>
          <span data-number className="text-right text-fg-3">{words.share(percent(row.value / total))}</span>
        </li>
      ))}
    </ul>
  )
}
