import { clsx } from 'clsx'
import type { DueOut } from '../api/schema'
import { dateTime, shortSpan } from '../lib/time'
import { t } from '../strings'

const SOON_MS = 3_600_000

/** How long is left on the response clock, by words and colour; `urgent` shows it from the last hour on only. */
export function Due({ due, urgent }: { due: DueOut; urgent?: boolean }) {
  // eslint-disable-next-line react-hooks/purity -- time goes on: what is shown is that of the last drawing
  const left = Date.parse(due.at) - Date.now()
  if (urgent && left > SOON_MS) return null
  const colour = left < 0 ? 'text-critical bg-critical-soft' : left < SOON_MS ? 'text-high bg-high-soft' : 'text-low bg-low-soft'
  return (
    <span title={`${t.inbox.clock[due.clock]}: ${dateTime(due.at)}`} className={clsx('inline-flex h-5 shrink-0 items-center rounded-sm px-1.5 text-2xs font-medium whitespace-nowrap tabular-nums', colour)}>
      <span className="sr-only">{t.inbox.clock[due.clock]}: </span>
      {left < 0 ? t.inbox.late(shortSpan(due.at)) : t.inbox.left(shortSpan(due.at))}
    </span>
  )
}
