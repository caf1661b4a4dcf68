import { dateTime } from '../../lib/time'
import { words } from '../../strings/pages/customers'

type Rating = { id: string; score: number; at: string; subject: string }
const WIDTH = 600
const HEIGHT = 64
const EDGE = 8

/** How satisfied a customer was, over time. The numbers are a table for those who do not see the line. */
export function Ratings({ ratings }: { ratings: readonly Rating[] }) {
  if (ratings.length < 2) return null
  const x = (index: number) => EDGE + (index / (ratings.length - 1)) * (WIDTH - 2 * EDGE)
  const y = (score: number) => HEIGHT - EDGE - ((score - 1) / 4) * (HEIGHT - 2 * EDGE)
  return (
    <figure className="mt-3 rounded-xl border border-line px-4 py-3">
      <figcaption className="text-xs text-fg-3">{words.ratings}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="xMinYMid" aria-hidden className="mt-1 h-16 w-full text-accent">
        {[1, 3, 5].map((score) => <line key={score} x1={0} x2={WIDTH} y1={y(score)} y2={y(score)} className="stroke-line" strokeWidth={1} vectorEffect="non-scaling-stroke" />)}
        <polyline points={ratings.map(({ score }, index) => `${x(index)},${y(score)}`).join(' ')} fill="none" stroke="currentColor" strokeWidth={2} strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
        {ratings.map(({ id, score }, index) => <circle key={id} cx={x(index)} cy={y(score)} r={3.5} className={score <= 2 ? 'fill-critical' : 'fill-accent'} />)}
      </svg>
      <table className="sr-only">
        <caption>{words.ratingsTable}</caption>
        <tbody>{ratings.map(({ id, score, at, subject }) => <tr key={id}><th scope="row">{dateTime(at)}</th><td>{words.rated(score)}</td><td>{subject}</td></tr>)}</tbody>
      </table>
    </figure>
  )
}
