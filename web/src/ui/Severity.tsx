import { clsx } from 'clsx'
import { t } from '../strings'

export type SeverityValue = 'critical' | 'high' | 'medium' | 'low'
const COLOURS: Record<SeverityValue, string> = {
  critical: 'bg-critical-soft text-critical', high: 'bg-high-soft text-high', medium: 'bg-medium-soft text-medium', low: 'bg-low-soft text-low',
}
const BARS: Record<SeverityValue, number> = { critical: 4, high: 3, medium: 2, low: 1 }

/** Four steps and the word, so that it is never told by colour alone; `compact` keeps the word for screen readers. */
export function Severity({ value, compact }: { value: SeverityValue | null | undefined; compact?: boolean }) {
  const word = value ? t.issue.severity[value] : t.issue.severityUnknown
  const filled = value ? BARS[value] : 0
  return (
    <span className={clsx('inline-flex h-5 shrink-0 items-center gap-1.5 rounded-sm px-1.5 text-2xs font-medium whitespace-nowrap', value ? COLOURS[value] : 'bg-low-soft text-low')}>
      <span aria-hidden className="flex items-end gap-[2px]">
        {[1, 2, 3, 4].map((step) => (
          <i key={step} className={clsx('w-[.1875rem] rounded-[1px] bg-current forced-colors:bg-[CanvasText]', step > filled && 'opacity-25')} style={{ height: `${(3 + step * 2) / 16}rem` }} />
        ))}
      </span>
      {compact ? <span className="sr-only">{word}</span> : word}
    </span>
  )
}
