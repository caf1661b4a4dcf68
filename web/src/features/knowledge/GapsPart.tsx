import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { BookCheck, PenLine } from 'lucide-react'
import { useId, useState } from 'react'
import { draftFromIssues, gapsQuery } from '../../api/queries/knowledge'
import { useMay } from '../../api/queries/me'
import type { GapOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { failed, toast } from '../../app/toasts'
import { topicName } from '../../lib/names'
import { words } from '../../strings/pages/knowledge'
import { Button, Empty, Skeleton } from '../../ui'

/** What is asked often and stands in no article, and a click to a drafted one. */
export function GapsPart() {
  const { data, error, isPending, refetch } = useQuery(gapsQuery)
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (isPending) return <Skeleton rows={10} className="p-0" />
  if (!data.data.length) return <Empty icon={<BookCheck size={18} />} title={words.gapsNone} hint={words.gapsNoneHint} />
  return (
    <>
      <p className="mb-4 max-w-[80ch] text-xs text-fg-3">{words.gapsHint(data.days, data.judged, data.read)}</p>
      <ul aria-label={words.parts.gaps} className="grid gap-3 xl:grid-cols-2">{data.data.map((gap) => <Gap key={gap.topic ?? ''} gap={gap} />)}</ul>
    </>
  )
}

function Gap({ gap }: { gap: GapOut }) {
  const id = useId()
  const may = useMay('knowledge.edit')
  const topic = gap.topic ? topicName(gap.topic) : words.noTopic
  return (
    <li aria-labelledby={id} className="flex min-w-0 flex-col gap-3 rounded-xl border border-line px-4 py-3">
      <div>
        <h2 id={id} className="font-semibold">{topic}</h2>
        <p data-number className="text-xs text-fg-2">{words.gapShare(gap.uncovered, gap.issues)}</p>
        <p data-number className="text-xs text-fg-3">{words.gapWhy(gap.without_source, gap.without_article)}</p>
      </div>
      <ul aria-label={`${words.examples}: ${topic}`} className="text-xs">
        {gap.examples.map((one) => (
          <li key={one.id} className="flex min-w-0 items-center gap-2">
            <Link to="/inbox/$view/$issueId" params={{ view: 'all', issueId: one.id }} className="flex min-h-6 min-w-0 items-center gap-2 hover:underline"><span className="shrink-0 text-fg-3">{one.key}</span><span dir="auto" className="truncate">{one.subject}</span></Link>
            {one.solved && <span className="ml-auto shrink-0 text-ok">{words.solvedMark}</span>}
          </li>
        ))}
      </ul>
      {gap.draft
        ? <p className="mt-auto text-xs text-fg-2">{words.draftWaits} <Link to="/knowledge/articles/$articleId" params={{ articleId: gap.draft.id }} dir="auto" className="inline-flex min-h-6 items-center text-accent-text hover:underline">{gap.draft.title}</Link></p>
        : may && <DraftIt gap={gap} topic={topic} />}
    </li>
  )
}

function DraftIt({ gap, topic }: { gap: GapOut; topic: string }) {
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  // The same try twice is one article.
  const [key] = useState(() => crypto.randomUUID())
  const solved = gap.topic === null ? [] : gap.examples.filter((one) => one.typical).map((one) => one.id)
  if (!solved.length) return <p className="mt-auto text-xs text-fg-3">{gap.topic === null ? words.noTopicHint : words.draftHint}</p>
  const draft = () => {
    setBusy(true)
    draftFromIssues(solved, key).then(({ article, used_issue_ids }) => {
      toast({ title: words.drafted, description: words.draftedFrom(used_issue_ids.length) })
      void navigate({ to: '/knowledge/articles/$articleId', params: { articleId: article.id } })
    }, failed).finally(() => setBusy(false))
  }
  return <Button className="mt-auto self-start" disabled={busy} aria-label={`${words.draftArticle}: ${topic}`} onClick={draft}><PenLine size={12} aria-hidden />{busy ? words.drafting : words.draftArticle}</Button>
}
