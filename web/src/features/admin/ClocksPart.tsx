import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sentence } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import { targetsQuery, useSetTargets } from '../../api/queries/running'
import type { ResponseTargetBody } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { toast } from '../../app/toasts'
import { locale, t } from '../../strings'
import { words } from '../../strings/pages/running'
import { Button, Severity, Skeleton } from '../../ui'
import { Section } from '../../ui/Page'
import { Table, type Column } from '../../ui/Table'
import { SEVERITIES } from '../issue/choices'

type Clock = 'first_response' | 'resolution'
type Level = (typeof SEVERITIES)[number]
type Targets = Partial<Record<Level, ResponseTargetBody>>
const MOST_HOURS = 8784
/** With a comma or a point, as in either language; never one between thousands. */
const HOURS = '[0-9]{1,4}([.,][0-9]{1,2})?'
const inWords = (hours: number): string => hours.toLocaleString(locale, { useGrouping: false })

/** How fast issues are to be answered and resolved, by their severity. */
export function ClocksPart() {
  const { data, error, refetch } = useQuery(targetsQuery)
  const may = useMay('rules.manage')
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton className="p-0" />
  return <div className="max-w-[57.5rem]"><Section title={words.clocks} hint={words.clocksHint}><Editor stored={data} may={may} /></Section></div>
}

function Editor({ stored, may }: { stored: Targets; may: boolean }) {
  const set = useSetTargets()
  const [edited, setEdited] = useState<Targets>({})
  const of = (level: Level): ResponseTargetBody => edited[level] ?? stored[level] ?? { first_response_minutes: null, resolution_minutes: null }
  const type = (level: Level, clock: Clock, text: string) => {
    const hours = Number(text.replace(',', '.'))
    const minutes = hours > 0 ? Math.max(1, Math.round(Math.min(MOST_HOURS, hours) * 60)) : null
    setEdited({ ...edited, [level]: { ...of(level), [`${clock}_minutes`]: minutes } })
  }
  const store = () => set.mutate(edited, { onSuccess: () => { setEdited({}); toast({ title: words.stored }) } })
  const column = (clock: Clock): Column<Level> => ({
    id: clock, title: may ? words.inHours(words[clock]) : words[clock],
    cell: (level) => {
      const minutes = of(level)[`${clock}_minutes`]
      const hours = minutes === null ? '' : Math.round((minutes / 60) * 100) / 100
      if (!may) return hours === '' ? <span className="text-fg-3">{words.none}</span> : words.hours(hours.toLocaleString(locale))
      return (
        <input
          key={String(stored[level]?.[`${clock}_minutes`])} inputMode="decimal" pattern={HOURS} title={words.hoursLike(inWords(0.5))} defaultValue={hours === '' ? hours : inWords(hours)} placeholder={words.none}
          aria-label={words.hoursOf(words[clock], t.issue.severity[level])} onChange={(event) => type(level, clock, event.target.value)}
          className="h-7 w-full max-w-32 rounded-md border border-line-strong bg-panel px-2 tabular-nums placeholder:text-fg-3 pointer-coarse:h-11"
        />
      )
    },
  })
  const columns: Column<Level>[] = [{ id: 'severity', title: words.severity, cell: (level) => <Severity value={level} /> }, column('first_response'), column('resolution')]
  return (
    <form onSubmit={(event) => { event.preventDefault(); store() }}>
      <Table label={words.clocks} columns={columns} rows={SEVERITIES} keyOf={(level) => level} />
      {may && (
        <div className="mt-3 flex items-center gap-2">
          <Button type="submit" variant="primary" disabled={!Object.keys(edited).length || set.isPending}>{t.app.save}</Button>
          {set.error && <p role="alert" className="text-xs text-critical">{sentence(set.error)}</p>}
        </div>
      )}
    </form>
  )
}
