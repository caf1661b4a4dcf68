import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight, Download } from 'lucide-react'
import { teamsQuery } from '../../api/queries/admin'
import { useMay } from '../../api/queries/me'
import { readReportSearch, RANGES, deskQuery, type Range, type ReportSearch } from '../../api/queries/reports'
import type { DeskReport } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { csvAddress, csvOfAll } from '../../lib/csv'
import { analyticsRoute } from '../../routes'
import { t } from '../../strings'
import { words } from '../../strings/pages/analytics'
import { IconButton, Skeleton } from '../../ui'
import { Page } from '../../ui/Page'
import { Segmented } from '../../ui/Segmented'
import { AgentsCard } from './AgentsCard'
import { AboutCharts, VolumeCharts } from './Charts'
import { CopilotCharts } from './CopilotCharts'
import { Figures } from './Figures'
import { dayAfter, sayDay } from './sayings'
import { sheetsOf } from './sheets'

const NO_TEAM = 'none'

/** How the desk does: volume, times, what comes in, and what the copilot is good for; of a period, and of a team. */
export function AnalyticsPage() {
  const search = readReportSearch(analyticsRoute.useSearch())
  const { data, error, refetch, isPlaceholderData } = useQuery(deskQuery(search))
  const leads = useMay('reports.agents')
  return (
    <Page title={t.app.pages.analytics} actions={<Choices search={search} report={data} />} wide>
      {error ? <ErrorView error={error} onRetry={() => void refetch()} /> : data ? (
        <div aria-busy={isPlaceholderData} className="max-w-[80rem] space-y-6">
          <div className="-mt-2 mb-3"><Days search={search} report={data} /></div>
          <Report report={data} />
          {leads && <AgentsCard search={search} file={fileOf(data)} />}
        </div>
      ) : <Skeleton rows={10} className="p-0" />}
    </Page>
  )
}

function Report({ report }: { report: DeskReport }) {
  const sheets = sheetsOf(report)
  const file = fileOf(report)
  return (
    <>
      <Figures report={report} />
      <VolumeCharts report={report} sheets={sheets} file={file} />
      <AboutCharts report={report} sheets={sheets} file={file} />
      <CopilotCharts report={report} sheets={sheets} file={file} />
    </>
  )
}

const useGo = (search: ReportSearch) => {
  const navigate = useNavigate()
  return (change: ReportSearch) => {
    const next = { ...search, ...change }
    void navigate({ to: '/analytics', search: { ...next, days: next.days === 30 ? undefined : next.days }, replace: true })
  }
}

/** Which days these are, and the way to those before and after; each step is as long as the period. */
function Days({ search, report }: { search: ReportSearch; report: DeskReport }) {
  const { days = 30, to } = search
  const go = useGo(search)
  const step = (by: -1 | 1) => {
    const last = dayAfter(report.last_day, by * days)
    go({ to: by > 0 && last >= new Date().toISOString().slice(0, 10) ? undefined : last })
  }
  useCommands([
    { id: 'analytics.earlier', label: words.earlier, group: 'page', run: () => step(-1) },
    ...(to ? [{ id: 'analytics.later', label: words.later, group: 'page' as const, run: () => step(1) }] : []),
  ])
  return (
    <div className="-ml-1.5 flex items-center gap-x-1 text-xs">
      <IconButton label={words.earlier} onClick={() => step(-1)}><ChevronLeft size={15} aria-hidden /></IconButton>
      <IconButton label={words.later} disabled={!to} onClick={() => step(1)}><ChevronRight size={15} aria-hidden /></IconButton>
      <p className="ml-1 text-fg-3"><b data-number className="mr-1.5 text-sm font-medium text-fg">{words.from(sayDay(report.first_day), sayDay(report.last_day))}</b>{' '}<span className="inline-block">{words.inZone(report.time_zone)}</span></p>
    </div>
  )
}

/** How long the period is, whose issues count, and everything as a file. All of it stands in the address. */
function Choices({ search, report }: { search: ReportSearch; report: DeskReport | undefined }) {
  const { days = 30, team } = search
  const go = useGo(search)
  const { data: teams = [] } = useQuery(teamsQuery)
  useCommands(RANGES.map((range) => ({ id: `analytics.${range}`, label: `${words.range}: ${words.ranges[range]}`, group: 'page', run: () => go({ days: range }) })))
  const options = [{ id: '', name: words.allTeams }, ...teams, { id: NO_TEAM, name: words.noTeam }]
  return (
    <>
      {(teams.length > 0 || team) && (
        <select
          aria-label={words.team} value={team ?? ''} onChange={(event) => go({ team: event.target.value || undefined })}
          className="h-8 max-w-44 rounded-md border border-line-strong bg-panel px-2 text-xs font-medium text-fg focus-visible:outline-2 pointer-coarse:h-11"
        >
          {options.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
        </select>
      )}
      <span className="max-md:order-last max-md:w-full">
        <Segmented quiet label={words.range} options={RANGES.map((range) => ({ value: String(range), label: words.ranges[range] }))} value={String(days)} onChange={(value) => go({ days: Number(value) as Range })} />
      </span>
      {report && (
        <a download={`${fileOf(report)}.csv`} href={csvAddress(everything(report, options.find(({ id }) => id === team)?.name))} className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-raised px-2.5 text-xs font-medium hover:bg-hover pointer-coarse:h-11">
          <Download size={13} aria-hidden />{words.download}
        </a>
      )}
    </>
  )
}

const fileOf = ({ first_day: first, last_day: last }: DeskReport): string => `desk-${first}-${last}`

function everything(report: DeskReport, team: string | undefined): string {
  const { csvAbout: about } = words
  const said = [[about.first, report.first_day], [about.last, report.last_day], [about.zone, report.time_zone], [words.team, team ?? words.allTeams]]
  return csvOfAll(words.csvHead, said.map(([name = '', value = '']) => [about.period, name, '', value]), Object.values(sheetsOf(report)))
}
