import { clsx } from 'clsx'
import type { DueOut } from '../api/schema'
import { dateTime, shortAge } from '../lib/time'
import { words } from '../strings/pages/clock'

const MINUTE = 60_000
const SOON = 60 * MINUTE
/** `shortAge` goes on with dates; what is further away is told in its last unit. */
const MOST = 144 * SOON
export type DueProps = { due: DueOut; urgent?: boolean }

/** How long is left on the response clock, by words and colour; `urgent` shows it from the last hour on only. */
export default function Due({ due, urgent }: DueProps) {
  // eslint-disable-next-line react-hooks/purity -- time goes on: what is shown is that of the last drawing
  const now = Date.now()
  const left = Date.parse(due.at) - now
  if (urgent && left > SOON) return null
  const time = shortAge(new Date(now - Math.max(MINUTE, Math.min(MOST, Math.abs(left)))).toISOString(), now)
  const colour = left < 0 ? 'text-critical bg-critical-soft' : left < SOON ? 'text-high bg-high-soft' : 'text-low bg-low-soft'
  return (
    <span title={`${words[due.clock]}: ${dateTime(due.at)}`} className={clsx('inline-flex h-5 shrink-0 items-center rounded-sm px-1.5 text-2xs font-medium whitespace-nowrap tabular-nums', colour)}>
      <span className="sr-only">{words[due.clock]}: </span>
      {left < 0 ? words.late(time) : words.left(time)}
    </span>
  )
}
