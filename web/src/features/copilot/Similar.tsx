import { Link } from '@tanstack/react-router'
import { CornerDownLeft, ThumbsDown } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../api/queries/me'
import { useCorrect } from '../../api/queries/copilot'
import type { Panel, SimilarIssue } from '../../api/schema'
import { toast } from '../../app/toasts'
import { saidAll } from '../../lib/reasons'
import { percent } from '../../lib/text'
import { duration } from '../../lib/moments'
import { t } from '../../strings/work'
import { Badge, Button, IconButton } from '../../ui'
import { Card } from './Card'

const SHOWN = 3
type Insert = (text: string) => void

/** What was solved before and how; its fix can be taken over as it is. */
export function SimilarCard({ issueId, panel: { similar_issues: similar }, onInsert }: { issueId: string; panel: Panel; onInsert: Insert }) {
  const [all, setAll] = useState(false)
  const items = similar.items ?? []
  return (
    <Card title={t.copilot.similar} part={similar}>
      {items.length === 0 && similar.status === 'ok' && <p className="text-xs text-fg-3">{t.copilot.similarNone}</p>}
      <ul className="space-y-2.5">{items.slice(0, all ? items.length : SHOWN).map((item) => <Item key={item.issue_id} issueId={issueId} item={item} onInsert={onInsert} />)}</ul>
      {items.length > SHOWN && !all && <Button variant="ghost" className="mt-1.5 -ml-2.5" onClick={() => setAll(true)}>{t.copilot.more} ({items.length - SHOWN})</Button>}
    </Card>
  )
}

function Item({ issueId, item, onInsert }: { issueId: string; item: SimilarIssue; onInsert: Insert }) {
  const correct = useCorrect(issueId)
  const [edits, corrects] = [useMay('issues.edit'), useMay('analysis.correct')]
  const fix = item.resolution
  const why = saidAll(item.why, item.why_code)
  const facts = fix && [t.copilot.solvedIn(duration(fix.resolved_in_hours)), fix.rating && t.copilot.rated(fix.rating)].filter(Boolean).join(' · ')
  const use = () => {
    if (fix) onInsert([fix.text, ...fix.steps.map((step, index) => `${index + 1}. ${step}`)].join('\n'))
  }
  const refuse = () => {
    const value = { issue_id: item.issue_id, relevant: false } as never
    correct.mutate({ part: 'similar_issues', value }, { onSuccess: () => toast({ title: t.copilot.corrected }) })
  }
  return (
    <li>
      <div className="flex items-baseline gap-2">
        <Link to="/inbox/$view/$issueId" params={{ view: 'all', issueId: item.issue_id }} dir="auto" className="min-w-0 flex-1 truncate font-medium hover:underline">{item.subject}</Link>
        <span data-number title={why.join('; ')} className="text-xs text-fg-3">{item.similarity_of === 'words' ? t.copilot.ofWords(percent(item.similarity)) : t.copilot.percent(percent(item.similarity))}</span>
      </div>
      {fix && <p dir="auto" className="mt-0.5 line-clamp-2 text-xs text-fg-2">{fix.text}</p>}
      <div className="mt-0.5 flex items-center gap-1.5 text-2xs text-fg-3">
        <span className="min-w-0 flex-1">{facts ?? why.at(-1)}</span>
        {fix?.reopened && <Badge tone="high">{t.copilot.reopened}</Badge>}
        {fix && edits && <Button variant="ghost" onClick={use}><CornerDownLeft size={11} aria-hidden />{t.copilot.useFix}</Button>}
        {corrects && <IconButton label={t.copilot.notAlike} onClick={refuse} disabled={correct.isPending}><ThumbsDown size={12} aria-hidden /></IconButton>}
      </div>
    </li>
  )
}
