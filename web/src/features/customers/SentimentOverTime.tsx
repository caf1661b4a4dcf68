import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { customerSentimentQuery } from '../../api/queries/customers'
import { sentence } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import type { MessageSentimentOut } from '../../api/schema'
import { TimePoints, type TimePoint } from '../../charts/TimePoints'
import { sayNumber } from '../../lib/figures'
import { dateTime } from '../../lib/time'
import { t } from '../../strings'
import { words } from '../../strings/pages/customers'
import { Button } from '../../ui'
import { messageElementId } from '../issue/jump'

/** How a customer sounded from message to message, over all their issues; the same numbers are a table. */
export function SentimentOverTime({ customerId }: { customerId: string }) {
  const may = useMay('issues.read')
  const id = useId()
  const { data: all, error, refetch } = useQuery({ ...customerSentimentQuery(customerId), enabled: may })
  if (!all && error) {
    return (
      <section aria-labelledby={id} className="rounded-xl border border-line px-4 py-3">
        <h2 id={id} className="font-semibold">{words.sentiment}</h2>
        <p role="alert" className="mt-1 text-critical">{words.sentimentFailed} {sentence(error)}</p>
        <Button className="mt-2" onClick={() => void refetch()}>{t.app.retry}</Button>
      </section>
    )
  }
  return all && all.length > 1 && <Chart id={id} all={all} />
}

function Chart({ id, all }: { id: string; all: readonly MessageSentimentOut[] }) {
  return (
    <section aria-labelledby={id} className="rounded-xl border border-line px-4 py-3">
      <h2 id={id} className="font-semibold">{words.sentiment}</h2>
      <p className="mb-2 text-xs text-fg-3">{words.sentimentHint}</p>
      <TimePoints label={words.points} fewer={words.newestOf} points={all.map(pointOf)} lines={[[1, words.sounds.positive], [0.5, words.sounds.neutral], [0, words.sounds.negative]]} />
      {/* A table that only screen readers have would still be as wide as its words. */}
      <div className="sr-only"><table>
        <caption>{words.sentimentTable}</caption>
        <tbody>{all.map((one) => <tr key={one.message_id}><th scope="row">{dateTime(one.at)}</th><td>{told(one)}</td><td>{one.subject}</td></tr>)}</tbody>
      </table></div>
    </section>
  )
}

const told = ({ label, value }: MessageSentimentOut): string => `${words.sounds[label]}, ${value > 0 ? '+' : ''}${sayNumber(value, 1).replace('-', '−')}`
const TONES = { negative: 'bad', neutral: 'plain', positive: 'good' } as const

const pointOf = (one: MessageSentimentOut): TimePoint => ({
  id: one.message_id, at: one.at, height: (one.value + 1) / 2, tone: TONES[one.label], told: `${dateTime(one.at)}: ${told(one)}, ${one.subject}`,
  link: { to: '/inbox/$view/$issueId', params: { view: 'all', issueId: one.issue_id }, hash: messageElementId(one.message_id) } as TimePoint['link'],
})
