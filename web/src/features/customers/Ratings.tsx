import { TimePoints, type TimePoint } from '../../charts/TimePoints'
import { dateTime } from '../../lib/time'
import { words } from '../../strings/pages/customers'

type Rating = { id: string; score: number; at: string; subject: string }
const [LEAST, MIDDLE, MOST] = [1, 3, 5]

/** How satisfied a customer was, over time; of two ratings at least. A point leads to its issue, and the numbers are a table too. */
export function Ratings({ ratings }: { ratings: readonly Rating[] }) {
  return (
    <figure className="mt-3 rounded-xl border border-line px-4 py-3">
      <figcaption className="mb-2 text-xs text-fg-3">{words.ratings}</figcaption>
      <TimePoints label={words.ratings} fewer={words.newestOf} points={ratings.map(pointOf)} lines={[MOST, MIDDLE, LEAST].map((score) => [heightOf(score), words.rated(score)] as const)} />
      {/* A table that only screen readers have would still be as wide as its words. */}
      <div className="sr-only"><table>
        <caption>{words.ratingsTable}</caption>
        <tbody>{ratings.map(({ id, score, at, subject }) => <tr key={id}><th scope="row">{dateTime(at)}</th><td>{words.rated(score)}</td><td>{subject}</td></tr>)}</tbody>
      </table></div>
    </figure>
  )
}

const heightOf = (score: number): number => (score - LEAST) / (MOST - LEAST)

const pointOf = ({ id, score, at, subject }: Rating): TimePoint => ({
  id, at, height: heightOf(score), tone: score < MIDDLE ? 'bad' : score > MIDDLE ? 'good' : 'plain', told: `${dateTime(at)}: ${words.rated(score)}, ${subject}`,
  link: { to: '/inbox/$view/$issueId', params: { view: 'all', issueId: id } } as TimePoint['link'],
})
