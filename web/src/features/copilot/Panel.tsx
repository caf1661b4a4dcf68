import { useQuery } from '@tanstack/react-query'
import { createElement, memo, useEffect, useState, type ComponentType } from 'react'
import { Sparkles } from 'lucide-react'
import { missingQuery, nextActionQuery } from '../../api/queries/assist'
import { summaryQuery } from '../../api/queries/copilot'
import { useMay } from '../../api/queries/me'
import { panelQuery } from '../../api/queries/panel'
import type { Issue } from '../../api/queries/issues'
import { ErrorView } from '../../app/ErrorPage'
import { patiently } from '../../lib/lazyPart'
import { useTogether } from '../../lib/useTogether'
import { t } from '../../strings/work'
import { Skeleton } from '../../ui'
import { CustomerCard } from './Customer'
import { isOver, RiskCard, SeverityCard, TimeCard, TopicCard } from './Forecasts'
import { SentimentCard } from './Sentiment'
import { SimilarCard } from './Similar'
import { SourceHost } from './SourceHost'
import { SuggestedReply } from './SuggestedReply'
import { SummaryCard, kindOf } from './Summary'

/** Kept here, once it is loaded: what is drawn lazily is not drawn in the same frame as what it stands among. */
let assist: ComponentType<{ issueId: string; onInsert: (text: string) => void }> | undefined

export type CopilotProps = {
  issue: Issue
  onInsert: (text: string) => void
  /** Inside a drawer that has the title already. */
  bare?: boolean
}

/** Everything Copilot can say about an issue, part by part. */
export const Panel = memo(function Panel({ issue, onInsert, bare }: CopilotProps) {
  // One that was merged is answered and forecast where it goes on.
  const goesOn = !issue.merged_into
  const guides = useMay('guidance.use') && goesOn
  const { data: panel, error, refetch } = useQuery(panelQuery(issue.id))
  const asks = useAssist(guides)
  const stands = useAllAbove(issue, guides, Boolean(panel ?? error), asks !== undefined)
  return (
    <aside aria-label={t.copilot.title} className="flex h-full min-h-0 flex-col overflow-y-auto bg-panel">
      {!bare && (
        <header className="sticky top-0 z-10 flex h-11 shrink-0 items-center gap-2 border-b border-line bg-panel px-4">
          <Sparkles size={14} className="text-accent-text" aria-hidden />
          <h2 className="font-semibold">{t.copilot.title}</h2>
        </header>
      )}
      {guides && <SuggestedReply issueId={issue.id} over={isOver(issue)} />}
      {stands && <SummaryCard issue={issue} />}
      {stands && guides && (asks ? createElement(asks, { issueId: issue.id, onInsert }) : <div className="h-20 shrink-0 border-b border-line" />)}
      {stands && error && !panel && <div className="h-48"><ErrorView error={error} onRetry={() => void refetch()} /></div>}
      {!(stands && (panel ?? error)) && <Skeleton rows={12} />}
      {stands && panel && (
        <>
          <SeverityCard issueId={issue.id} panel={panel} />
          {goesOn && (
            <div className="grid grid-cols-2">
              <TimeCard issue={issue} panel={panel} />
              <RiskCard issue={issue} panel={panel} />
            </div>
          )}
          <SentimentCard issueId={issue.id} panel={panel} />
          <TopicCard issueId={issue.id} panel={panel} />
          <SimilarCard issueId={issue.id} panel={panel} onInsert={onInsert} />
          <CustomerCard panel={panel} name={issue.customer?.name} />
        </>
      )}
      <SourceHost beside={!bare} />
    </aside>
  )
})

/**
 * Whether the column can be drawn as it stays. What comes first in it is known last, and would push away the forecasts that
 * somebody reads by then. The first column since the page was loaded waits for that; in later ones things come in as they are known.
 */
let first = true

function useAllAbove(issue: Issue, guides: boolean, known: boolean, loaded: boolean): boolean {
  const [later] = useState(!first)
  useEffect(() => { first = false }, [])
  const waits = [
    useQuery(summaryQuery(issue.id, kindOf(issue))).isPending,
    useQuery({ ...nextActionQuery(issue.id), enabled: guides }).isPending && guides,
    useQuery({ ...missingQuery(issue.id), enabled: guides }).isPending && guides,
  ]
  return useTogether(known, later || (known && (loaded || !guides) && !waits.includes(true)))
}

function useAssist(wanted: boolean): typeof assist {
  const [loaded, setLoaded] = useState(() => assist)
  useEffect(() => {
    if (wanted && !assist) void patiently(() => import('./Assist')).then((module) => setLoaded(() => (assist = module.default)))
  }, [wanted])
  return loaded
}
