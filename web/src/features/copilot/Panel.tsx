import { useQuery } from '@tanstack/react-query'
import { Suspense, memo } from 'react'
import { Sparkles } from 'lucide-react'
import { useMay } from '../../api/queries/me'
import { panelQuery } from '../../api/queries/panel'
import type { Issue } from '../../api/queries/issues'
import { ErrorView } from '../../app/ErrorPage'
import { lazyPart } from '../../lib/lazyPart'
import { t } from '../../strings/work'
import { Skeleton } from '../../ui'
import { CustomerCard } from './Customer'
import { RiskCard, SeverityCard, TimeCard, TopicCard } from './Forecasts'
import { SentimentCard } from './Sentiment'
import { SimilarCard } from './Similar'
import { SourceHost } from './SourceHost'
import { SuggestedReply } from './SuggestedReply'
import { SummaryCard } from './Summary'

const Assist = lazyPart(() => import('./Assist'))

export type CopilotProps = {
  issue: Issue
  onInsert: (text: string, suggestionId?: string) => void
  /** Inside a drawer that has the title already. */
  bare?: boolean
}

/** Everything Copilot can say about an issue, part by part. */
export const Panel = memo(function Panel({ issue, onInsert, bare }: CopilotProps) {
  const guides = useMay('guidance.use')
  const { data: panel, error, refetch } = useQuery(panelQuery(issue.id))
  return (
    <aside aria-label={t.copilot.title} className="flex h-full min-h-0 flex-col overflow-y-auto bg-panel">
      {!bare && (
        <header className="sticky top-0 z-10 flex h-11 shrink-0 items-center gap-2 border-b border-line bg-panel px-4">
          <Sparkles size={14} className="text-accent-text" aria-hidden />
          <h2 className="font-semibold">{t.copilot.title}</h2>
        </header>
      )}
      {guides && <SuggestedReply issueId={issue.id} onInsert={onInsert} />}
      <SummaryCard issue={issue} />
      {guides && <Suspense fallback={<div className="h-20 shrink-0 border-b border-line" />}><Assist issueId={issue.id} onInsert={onInsert} /></Suspense>}
      {error && !panel && <div className="h-48"><ErrorView error={error} onRetry={() => void refetch()} /></div>}
      {!panel && !error && <Skeleton rows={12} />}
      {panel && (
        <>
          <SeverityCard issueId={issue.id} panel={panel} />
          <div className="grid grid-cols-2">
            <TimeCard issueId={issue.id} panel={panel} />
            <RiskCard issueId={issue.id} panel={panel} />
          </div>
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
