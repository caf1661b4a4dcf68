import type { DeskReport, FiguresOut } from '../../api/schema'
import { duration } from '../../lib/moments'
import { percent } from '../../lib/text'
import { sayNumber } from '../../lib/figures'
import { words } from '../../strings/pages/analytics'
import { sayBefore } from './sayings'

type Kept = FiguresOut['promises']['resolution']
type Tile = { title: string; value: string; unit?: string; of: string; before?: string }

const hours = (value: number | null) => (value === null ? words.noFigure : duration(value))
const rating = ({ satisfaction }: FiguresOut) => (satisfaction.mean === null ? words.noFigure : sayNumber(satisfaction.mean, 1))
const share = (part: number, whole: number) => (whole ? words.share(percent(part / whole)) : words.noFigure)
const kept = (...clocks: Kept[]) =>
  share(clocks.reduce((sum, { met }) => sum + met, 0), clocks.reduce((sum, { met, missed }) => sum + met + missed, 0))
const keptAll = ({ promises }: FiguresOut) => kept(promises.first_response, promises.resolution)
const used = ({ copilot: { accepted, edited, rejected } }: FiguresOut) => share(accepted + edited, accepted + edited + rejected)

/** The numbers that somebody looks at first, each with what it is made of and beside the period before. */
export function Figures({ report }: { report: DeskReport }) {
  const { figures: now, before: past } = report
  const { promises, copilot } = now
  const tiles: Tile[] = [
    { title: words.openNow, value: sayNumber(report.open_now), of: words.whenever },
    { title: words.opened, value: sayNumber(now.opened), of: words.aDay(sayNumber(now.opened / report.days.length, 1)), before: sayNumber(past.opened) },
    { title: words.resolved, value: sayNumber(now.resolved), of: words.reopened(now.reopened), before: sayNumber(past.resolved) },
    { title: words.kept, value: keptAll(now), of: words.keptOf(kept(promises.first_response), kept(promises.resolution)), before: keptAll(past) },
    { title: words.firstResponse, value: hours(now.first_response.median_hours), of: words.answered(now.first_response.count), before: hours(past.first_response.median_hours) },
    { title: words.resolution, value: hours(now.resolution.median_hours), of: words.ofResolved(now.resolution.count), before: hours(past.resolution.median_hours) },
    { title: words.satisfaction, value: rating(now), unit: words.ofFive, of: words.rated(now.satisfaction.rated), before: rating(past) },
    { title: words.used, value: used(now), of: words.usedOf(copilot.accepted, copilot.edited), before: used(past) },
  ]
  return (
    <dl aria-label={words.figures} className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line lg:grid-cols-4">
      {tiles.map((tile) => <Figure key={tile.title} {...tile} />)}
    </dl>
  )
}

function Figure({ title, value, unit, of, before }: Tile) {
  const none = value === words.noFigure
  return (
    <div className="bg-panel px-4 py-3">
      <dt className="text-xs font-medium text-fg-2">{title}</dt>
      <dd data-number className="mt-0.5 flex items-baseline gap-1 text-2xl font-semibold whitespace-nowrap">
        <span className={none ? 'text-fg-3' : undefined}>{value}</span>
        {unit && !none && <span className="text-xs font-normal text-fg-3">{unit}</span>}
      </dd>
      <dd data-number className="text-xs text-fg-3">{none ? words.nothingYet : of}</dd>
      {before !== undefined && <dd data-number className="text-xs text-fg-3">{sayBefore(before)}</dd>}
    </div>
  )
}
