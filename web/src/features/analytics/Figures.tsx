import type { DeskReport, FiguresOut } from '../../api/schema'
import { percent } from '../../lib/text'
import { duration } from '../../lib/moments'
import { locale } from '../../strings'
import { words } from '../../strings/pages/analytics'

const number = (value: number, digits = 0) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value)
const hours = (value: number | null) => (value === null ? words.noFigure : duration(value))
const rating = ({ satisfaction }: FiguresOut) => (satisfaction.mean === null ? words.noFigure : number(satisfaction.mean, 1))

function used({ copilot }: FiguresOut): string {
  const said = copilot.accepted + copilot.edited + copilot.rejected
  return said ? words.share(percent((copilot.accepted + copilot.edited) / said)) : words.noFigure
}

/** The figure of the period before, in words. */
const said = (value: string) => (value === words.noFigure ? words.beforeNone : words.before(value))

/** The numbers that somebody looks at first, each beside the period before. */
export function Figures({ report }: { report: DeskReport }) {
  const { figures: now, before: past } = report
  const tiles: { title: string; value: string; foot: string; unit?: string }[] = [
    { title: words.openNow, value: number(report.open_now), foot: words.whenever },
    { title: words.opened, value: number(now.opened), foot: said(number(past.opened)) },
    { title: words.resolved, value: number(now.resolved), foot: said(number(past.resolved)) },
    { title: words.firstResponse, value: hours(now.first_response.median_hours), foot: said(hours(past.first_response.median_hours)) },
    { title: words.resolution, value: hours(now.resolution.median_hours), foot: said(hours(past.resolution.median_hours)) },
    { title: words.satisfaction, value: rating(now), foot: said(rating(past)), unit: words.ofFive },
    { title: words.used, value: used(now), foot: said(used(past)) },
  ]
  return (
    <dl aria-label={words.figures} className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-4 xl:grid-cols-7 [&>:last-child]:max-xl:sm:col-span-2 [&>:last-child]:max-sm:col-span-2">
      {tiles.map(({ title, value, foot, unit }) => (
        <div key={title} className="bg-panel px-4 py-3">
          <dt className="text-xs text-fg-3">{title}</dt>
          <dd data-number className="text-2xl font-semibold whitespace-nowrap">{value}{unit && value !== words.noFigure && <span className="ml-1 text-xs font-normal text-fg-3">{unit}</span>}</dd>
          <dd className="text-2xs text-fg-3">{foot}</dd>
        </div>
      ))}
    </dl>
  )
}
