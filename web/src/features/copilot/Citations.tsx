import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { issueQuery } from '../../api/queries/issues'
import type { Source } from '../../lib/citations'
import { t } from '../../strings/work'
import { Popover } from '../../ui/lazy'
import { jumpToMessage } from '../issue/jump'

const kindWord = (kind: string): string => t.copilot.sourceKind[kind] ?? kind

/** A number in the text that shows where the sentence comes from. */
export function CitationChip({ source }: { source: Source }) {
  const trigger = (
    <button
      type="button" aria-label={t.copilot.sourceChip(source.number, source.title)}
      className="relative mx-0.5 inline-flex h-4 min-w-4 items-center justify-center rounded-sm bg-raised px-1 align-[1px] text-2xs font-semibold text-accent-text after:absolute after:-inset-1 hover:bg-selected"
    >
      {source.number}
    </button>
  )
  return <Popover title={source.title} className="w-80" trigger={trigger}><SourceCard source={source} /></Popover>
}

function SourceCard({ source }: { source: Source }) {
  const isIssue = source.kind === 'issue'
  const { data: issue } = useQuery({ ...issueQuery(source.id), enabled: isIssue })
  return (
    <div className="space-y-2 text-xs">
      <p className="text-fg-3">{kindWord(source.kind)}</p>
      {source.sentences.slice(0, 3).map((sentence) => <blockquote key={sentence} className="border-l-2 border-accent pl-2 text-fg-2">{sentence}</blockquote>)}
      {issue?.resolution && <p className="max-h-40 overflow-y-auto rounded-md bg-hover p-2">{issue.resolution.text}</p>}
      {source.kind === 'conversation' && <button type="button" onClick={() => jumpToMessage(source.id)} className="min-h-6 font-medium text-accent-text hover:underline">{t.copilot.summaryJump}</button>}
      {source.kind === 'article' && <Link to="/knowledge/articles/$articleId" params={{ articleId: source.id }} className="inline-flex min-h-6 items-center font-medium text-accent-text hover:underline">{t.copilot.openArticle}</Link>}
      {isIssue && <Link to="/inbox/$view/$issueId" params={{ view: 'all', issueId: source.id }} className="inline-block font-medium text-accent-text hover:underline">{t.inbox.open}</Link>}
    </div>
  )
}

/** The sources under the text, by number. */
export function SourceList({ sources }: { sources: readonly Source[] }) {
  if (!sources.length) return null
  return (
    <ol aria-label={t.copilot.sources} className="mt-2">
      {sources.map((source) => (
        <li key={source.id}>
          <Popover
            title={source.title} className="w-80"
            trigger={
              <button type="button" className="flex min-h-6 w-full items-center gap-2 rounded-md px-1.5 py-0.5 text-left hover:bg-hover">
                <span data-number className="text-2xs font-semibold text-accent-text">{source.number}</span>
                <span className="truncate text-xs">{source.title}</span>
                <span className="ml-auto shrink-0 text-2xs text-fg-3">{kindWord(source.kind)}</span>
              </button>
            }
          >
            <SourceCard source={source} />
          </Popover>
        </li>
      ))}
    </ol>
  )
}
