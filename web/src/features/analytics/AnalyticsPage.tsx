import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { RANGES, deskQuery, type Range } from '../../api/queries/reports'
import type { DeskReport } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { analyticsRoute } from '../../routes'
import { locale, t } from '../../strings'
import { words } from '../../strings/pages/analytics'
import { Skeleton } from '../../ui'
import { Page } from '../../ui/Page'
import { Segmented } from '../../ui/Segmented'
import { Charts } from './Charts'
import { Figures } from './Figures'

/** How the desk does: volume, times, satisfaction, and what the copilot is good for. */
export function AnalyticsPage() {
  const { days = 30 } = analyticsRoute.useSearch()
  const navigate = useNavigate()
  const { data, error, refetch, isPlaceholderData } = useQuery(deskQuery(days))
  const go = (range: Range) => void navigate({ to: '/analytics', search: range === 30 ? {} : { days: range }, replace: true })
  useCommands(RANGES.map((range) => ({ id: `analytics.${range}`, label: `${words.range}: ${words.ranges[range]}`, group: 'page', run: () => go(range) })))
  const ranges = RANGES.map((range) => ({ value: String(range), label: words.ranges[range] }))
  const actions = (
    <>
      <span className="max-md:order-last max-md:w-full"><Segmented quiet label={words.range} options={ranges} value={String(days)} onChange={(value) => go(Number(value) as Range)} /></span>
      {data && (
        <a download={`desk-${data.first_day}-${data.last_day}.csv`} href={csvAddress(data)} className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-raised px-2.5 text-xs font-medium hover:bg-hover pointer-coarse:h-11">
          <Download size={13} aria-hidden />{words.download}
        </a>
      )}
    </>
  )
  return (
    <Page title={t.app.pages.analytics} actions={actions} wide>
      {error ? <ErrorView error={error} onRetry={() => void refetch()} /> : data ? (
        <div aria-busy={isPlaceholderData} className="max-w-[1280px] space-y-4">
          <p className="text-xs text-fg-3">{words.from(sayDay(data.first_day), sayDay(data.last_day))}</p>
          <Figures report={data} />
          <Charts report={data} />
        </div>
      ) : <Skeleton rows={10} className="p-0" />}
    </Page>
  )
}

/** A day of UTC as people write it. */
export const sayDay = (day: string, short = false): string =>
  new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...(short ? { month: 'short', day: 'numeric' } : { dateStyle: 'medium' }) }).format(new Date(`${day}T00:00:00Z`))

function csvAddress({ days }: DeskReport): string {
  const lines = ['day,opened,resolved', ...days.map((day) => `${day.day},${day.opened},${day.resolved}`)]
  return `data:text/csv;charset=utf-8,${encodeURIComponent(`${lines.join('\r\n')}\r\n`)}`
}
