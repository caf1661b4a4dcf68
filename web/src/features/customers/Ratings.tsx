import { useWidth } from '../../charts/useWidth'
import { dateTime } from '../../lib/time'
import { words } from '../../strings/pages/customers'

type Rating = { id: string; score: number; at: string; subject: string }
const HEIGHT = 64
const EDGE = 8

/** How satisfied a customer was, over time; of two ratings at least. The numbers are a table for those who do not see the line. */
export function Ratings({ ratings }: { ratings: readonly Rating[] }) {
  const [box, width] = useWidth<HTMLDivElement>()
  const x = (index: number) => EDGE + (index / (ratings.length - 1)) * (width - 2 * EDGE)
  const y = (score: number) => HEIGHT - EDGE - ((score - 1) / 4) * (HEIGHT - 2 * EDGE)
  return (
    <figure className="mt-3 rounded-xl border border-line px-4 py-3">
      <figcaption className="text-xs text-fg-3">{words.ratings}</figcaption>
      <div ref={box} className="mt-1 h-16">
        {width > 0 && (
          <svg width={width} height={HEIGHT} aria-hidden className="text-accent">
            {[1, 3, 5].map((score) => <line key={score} x1={0} x2={width} y1={y(score)} y2={y(score)} className="stroke-line" strokeWidth={1} vectorEffect="non-scaling-stroke" />)}
            <polyline points={ratings.map(({ score }, index) => `${x(index)},${y(score)}`).join(' ')} fill="none" stroke="currentColor" strokeWidth={2} strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
            {ratings.map(({ id, score }, index) => <circle key={id} cx={x(index)} cy={y(score)} r={3.5} className={score <= 2 ? 'fill-critical' : 'fill-accent'} />)}
          </svg>
        )}
      </div>
      {/* A table that only screen readers have would still be as wide as its words. */}
      <div className="sr-only"><table>
        <caption>{words.ratingsTable}</caption>
        <tbody>{ratings.map(({ id, score, at, subject }) => <tr key={id}><th scope="row">{dateTime(at)}</th><td>{words.rated(score)}</td><td>{subject}</td></tr>)}</tbody>
      </table></div>
    </figure>
  )
}
