import { useQuery } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { useMay } from '../../api/queries/me'
import { MOST_JOBS, jobsQuery, readinessQuery, useRetryJob, versionQuery } from '../../api/queries/running'
import type { JobOut, Readiness } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { failed, toast } from '../../app/toasts'
import { relative } from '../../lib/moments'
import { locale } from '../../strings'
import { words } from '../../strings/pages/running'
import { Badge, Button, Skeleton } from '../../ui'
import { Section } from '../../ui/Page'
import { Table, type Column } from '../../ui/Table'

/** How the installation is: its parts, and its work in the background with what failed for good. */
export function HealthPart() {
  const { data: readiness, error, refetch } = useQuery(readinessQuery)
  const { data: version } = useQuery(versionQuery)
  return (
    <div className="max-w-[67.5rem]">
      <Section title={words.parts} hint={<>{words.partsHint}{version && <p className="mt-1">{words.versionIs(version.version, version.search_documents)}</p>}</>}>
        {error ? <ErrorView error={error} onRetry={() => void refetch()} /> : readiness ? <Parts readiness={readiness} /> : <Skeleton className="p-0" />}
      </Section>
      <Section title={words.jobs} hint={words.jobsHint}><Jobs /></Section>
    </div>
  )
}

type Part = { name: string; status: 'ok' | 'failed'; code: string | null }
const PARTS: Column<Part>[] = [
  { id: 'part', title: words.part, cell: ({ name }) => <span className="font-medium">{words.partNames[name] ?? name}</span> },
  { id: 'state', title: words.state, className: 'text-right', cell: ({ status, code }) => <span className="inline-flex items-center gap-2">{code && <code className="text-xs text-fg-3">{code}</code>}<Badge tone={status === 'ok' ? 'ok' : 'critical'}>{words[status]}</Badge></span> },
]

function Parts({ readiness: { parts } }: { readiness: Readiness }) {
  const rows = Object.entries(parts).map(([name, { status, code = null }]) => ({ name, status, code }))
  return <Table label={words.parts} columns={PARTS} rows={rows} keyOf={({ name }) => name} />
}

function Jobs() {
  const may = useMay('jobs.retry')
  const { data: queued } = useQuery(jobsQuery('queued'))
  const { data: running } = useQuery(jobsQuery('running'))
  const { data: buried, error, refetch } = useQuery(jobsQuery('buried'))
  const retry = useRetryJob()
  const count = (page: { data: unknown[]; next_cursor: string | null } | undefined) =>
    (page?.next_cursor ? words.atLeast(MOST_JOBS) : (page?.data.length ?? 0).toLocaleString(locale))
  const again = (job: JobOut) => retry.mutate(job.id, { onSuccess: () => toast({ title: words.asked }), onError: failed })
  const columns: Column<JobOut>[] = [
    { id: 'job', title: words.job, cell: (job) => <code className="text-xs">{job.name}</code> },
    { id: 'why', title: words.why, cell: (job) => <span className="text-xs break-words text-fg-2">{job.last_error}</span> },
    { id: 'tried', title: words.tried, number: true, from: 'md', cell: (job) => job.attempts },
    { id: 'ended', title: words.ended, from: 'md', cell: (job) => <time dateTime={job.updated_at} className="text-xs text-fg-3">{relative(job.updated_at)}</time> },
    ...(may ? [{ id: 'again', title: words.again, quiet: true, className: 'text-right', cell: (job: JobOut) => <Button aria-label={words.againOf(job.name)} disabled={retry.isPending} onClick={() => again(job)}><RotateCw size={12} aria-hidden />{words.again}</Button> }] : []),
  ]
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (!buried) return <Skeleton className="p-0" />
  return (
    <>
      <p className="mb-3 flex flex-wrap gap-1.5"><Badge>{words.waiting(count(queued))}</Badge><Badge>{words.working(count(running))}</Badge><Badge tone={buried.data.length ? 'critical' : 'ok'}>{words.buried(count(buried))}</Badge></p>
      {buried.data.length ? <Table label={words.jobs} columns={columns} rows={buried.data} keyOf={(job) => job.id} /> : <p className="text-fg-3">{words.noneBuried}</p>}
    </>
  )
}
