import { CornerDownLeft, RotateCw, Sparkles, Square } from 'lucide-react'
import { Suspense } from 'react'
import { runCommand, useCommands, type Command } from '../../app/commands'
import { annotate, numberSources } from '../../lib/citations'
import { lazyPart } from '../../lib/lazyPart'
import { said } from '../../lib/reasons'
import { t } from '../../strings/work'
import { Banner, Button, cx } from '../../ui'
import { Card } from './Card'
import { CitationChip, SourceList } from './Citations'
import { awaitNoMore, startDraft, stopDraft, useDraftStream, useIsAwaited, type DraftState } from './useDraftStream'

const DraftStale = lazyPart(() => import('./DraftStale'))

/** A reply as Copilot would write it, with its sources beside the words. Nothing is sent from here; its keys are in `DraftKeys`. `over`: none is waited for. */
export function SuggestedReply({ issueId, over }: { issueId: string; over: boolean }) {
  const awaited = useIsAwaited(issueId)
  const draft = useDraftStream(issueId)
  const streaming = draft.status === 'streaming'
  const finished = draft.text !== '' && !streaming
  const start = () => void startDraft(issueId)
  const insert = () => runCommand('copilot.insert')
  const rewrites: Command[] = [
    { id: 'copilot.shorter', label: t.copilot.shorter, group: 'copilot', run: () => void startDraft(issueId, { instruction: 'shorter' }) },
    { id: 'copilot.warmer', label: t.copilot.warmer, group: 'copilot', run: () => void startDraft(issueId, { tone: 'warm' }) },
    { id: 'copilot.formal', label: t.copilot.formal, group: 'copilot', run: () => void startDraft(issueId, { tone: 'formal' }) },
  ]
  useCommands(finished ? rewrites : [])
  const said = { idle: '', streaming: awaited ? t.copilot.whenWritten : t.copilot.writing, done: t.copilot.ready, stopped: t.copilot.stopped, failed: '' }[draft.status]
  const aside = streaming
    ? <Button variant="ghost" keys="mod+." onClick={() => stopDraft(issueId)}><Square size={11} aria-hidden />{t.copilot.stop}</Button>
    : draft.text && <Button variant="ghost" onClick={start}><RotateCw size={11} aria-hidden />{t.copilot.again}</Button>
  return (
    <Card title={t.copilot.suggestedReply} aside={aside}>
      <p role="status" className="sr-only">{said}</p>
      {draft.status === 'idle'
        ? <Button variant={over ? 'outline' : 'primary'} large keys="d" className="w-full" onClick={start}><Sparkles size={14} aria-hidden />{t.copilot.draft}</Button>
        : <Text draft={draft} onRetry={start} />}
      {finished && draft.suggestionId && <Suspense><DraftStale issueId={issueId} id={draft.suggestionId} /></Suspense>}
      {streaming && (awaited
        ? <p className="mt-2 flex flex-wrap items-center gap-x-2 text-xs text-fg-2"><span className="flex-1">{t.copilot.whenWritten}</span><Button variant="ghost" keys="escape" onClick={() => awaitNoMore(issueId)}>{t.copilot.notWhenWritten}</Button></p>
        : <div className="mt-2"><Button keys="i" onClick={insert}><CornerDownLeft size={12} aria-hidden />{t.copilot.insertWhenWritten}</Button></div>)}
      {finished && (
        <div className="mt-2 flex flex-wrap gap-x-0.5 gap-y-1">
          <Button variant="primary" keys="i" onClick={insert}><CornerDownLeft size={12} aria-hidden />{t.copilot.insert}</Button>
          {rewrites.map((rewrite) => <Button key={rewrite.id} variant="ghost" className="px-2" onClick={rewrite.run}>{rewrite.label}</Button>)}
        </div>
      )}
    </Card>
  )
}

function Text({ draft, onRetry }: { draft: DraftState; onRetry: () => void }) {
  const streaming = draft.status === 'streaming'
  const sources = numberSources(draft.citations)
  const flagged = draft.checks.filter((check) => check.verdict === 'flagged')
  return (
    <>
      <div
        data-testid="draft" aria-busy={streaming} dir="auto"
        className={cx('min-h-16 rounded-lg border border-line bg-accent-soft p-3 leading-[1.55] whitespace-pre-wrap', streaming && 'caret-blink', !draft.text && !streaming && 'hidden')}
      >
        {annotate(draft.text, draft.citations).map((span, index) => (
          <span key={index}>{span.text}{span.source && <CitationChip source={span.source} />}</span>
        ))}
      </div>
      {draft.status === 'failed' && (
        <div className="mt-2 overflow-hidden rounded-lg">
          <Banner tone="error"><span className="flex-1">{draft.text ? t.copilot.failed : t.copilot.refused} {draft.error}</span><Button onClick={onRetry}>{t.app.retry}</Button></Banner>
        </div>
      )}
      {draft.status === 'stopped' && <p className="mt-1.5 text-xs text-fg-3">{t.copilot.stopped}</p>}
      {draft.status === 'done' && draft.text && sources.length === 0 && <p className="mt-1.5 text-xs text-high">{t.copilot.noSource}</p>}
      <SourceList sources={sources} />
      {flagged.length > 0 && (
        <ul aria-label={t.copilot.checks} className="mt-2 space-y-1 border-l-2 border-high pl-2 text-xs">
          {flagged.map((check) => <li key={check.name}><b className="font-medium text-high">{t.copilot.checkFlagged}:</b> {said(check.detail, check.detail_code)}</li>)}
        </ul>
      )}
    </>
  )
}
