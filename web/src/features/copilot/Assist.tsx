import { useQuery } from '@tanstack/react-query'
import { CornerDownLeft, LoaderCircle } from 'lucide-react'
import { useRef, useState, type FormEvent } from 'react'
import { sentence } from '../../api/errors'
import { missingQuery, useMissing, useQuestion, type Answered } from '../../api/queries/assist'
import { useCommands } from '../../app/commands'
import { annotate, numberSources } from '../../lib/citations'
import { said } from '../../lib/reasons'
import { t } from '../../strings/work'
import { words } from '../../strings/pages/assist'
import { Banner, Button } from '../../ui'
import { Card } from './Card'
import { CitationChip, SourceList } from './Citations'
import { NextAction } from './NextAction'

type Props = { issueId: string; onInsert: (text: string) => void }

/** What the agent asks Copilot about an issue, what to do next, and what to ask the customer. */
export default function Assist({ issueId, onInsert }: Props) {
  return (
    <>
      <AskCard issueId={issueId} />
      <NextAction issueId={issueId} onInsert={onInsert} />
      <MissingCard issueId={issueId} onInsert={onInsert} />
    </>
  )
}

function AskCard({ issueId }: { issueId: string }) {
  const { last, ask } = useQuestion(issueId)
  const [question, setQuestion] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useCommands([{ id: 'copilot.ask', label: words.ask, group: 'copilot', keys: ['q'], run: () => field.current?.focus() }])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const asked = question.trim()
    if (asked && !ask.isPending) ask.mutate(asked, { onSuccess: () => setQuestion('') })
  }
  const said = ask.isPending ? words.looking : ask.isSuccess ? words.answered : ''
  return (
    <Card title={words.ask}>
      <p role="status" className="sr-only">{said}</p>
      <form onSubmit={submit} className="flex gap-1.5">
        <input
          ref={field} value={question} dir="auto" maxLength={2000} aria-label={words.ask} aria-keyshortcuts="q" placeholder={words.askHint}
          onChange={(event) => setQuestion(event.target.value)} onKeyDown={(event) => { if (event.key === 'Escape') event.currentTarget.blur() }}
          className="h-7 min-w-0 flex-1 rounded-md border border-line-strong bg-panel px-2 text-xs text-fg placeholder:text-fg-3 pointer-coarse:h-11 pointer-coarse:text-base"
        />
        <Button type="submit" disabled={!question.trim() || ask.isPending} aria-busy={ask.isPending}>
          {ask.isPending && <LoaderCircle size={11} className="motion-safe:animate-spin" aria-hidden />}{words.send}
        </Button>
      </form>
      {ask.isError && <div className="mt-2 overflow-hidden rounded-lg"><Banner tone="error"><span className="flex-1">{sentence(ask.error)}</span><Button onClick={() => ask.mutate(ask.variables)}>{t.app.retry}</Button></Banner></div>}
      {last && !ask.isError && <Answer answered={last} stale={ask.isPending} />}
    </Card>
  )
}

function Answer({ answered: { question, answer }, stale }: { answered: Answered; stale: boolean }) {
  const flagged = answer.checks.filter((check) => check.verdict === 'flagged' && (answer.text || check.name !== 'sources'))
  return (
    <div data-testid="answer" aria-busy={stale} className={stale ? 'opacity-55' : undefined}>
      <p dir="auto" className="mt-2 text-xs text-fg-3">{question}</p>
      <p dir="auto" className="mt-0.5 leading-[1.55] whitespace-pre-wrap">
        {answer.text
          ? annotate(answer.text, answer.citations).map((span, index) => <span key={index}>{span.text}{span.source && <CitationChip source={span.source} />}</span>)
          : words.noAnswer}
      </p>
      <SourceList sources={numberSources(answer.citations)} />
      {flagged.length > 0 && (
        <ul aria-label={t.copilot.checks} className="mt-2 space-y-1 border-l-2 border-high pl-2 text-xs">
          {flagged.map((check) => <li key={check.name}><b className="font-medium text-high">{t.copilot.checkFlagged}:</b> {said(check.detail, check.detail_code)}</li>)}
        </ul>
      )}
      {answer.text && <p className="mt-1.5 text-xs text-fg-3">{words.forYou}</p>}
    </div>
  )
}

/** Nothing is shown while nothing is missing and nobody could be asked whether that is so. */
function MissingCard({ issueId, onInsert }: Props) {
  const { data, error, refetch } = useQuery(missingQuery(issueId))
  const read = useMissing(issueId)
  if (error && !data) {
    return <Card title={words.missing} aside={<Button variant="ghost" onClick={() => void refetch()}>{t.app.retry}</Button>}><p className="text-xs text-fg-3">{words.missingFailed} {sentence(error)}</p></Card>
  }
  const remarks = data?.checks.filter((check) => check.verdict !== 'pass') ?? []
  if (!data || !(data.items.length || data.may_ask_model || remarks.length)) return null
  const byModel = data.may_ask_model && (
    <Button variant="ghost" aria-label={words.missingRead} disabled={read.isPending} aria-busy={read.isPending} onClick={() => read.mutate()}>
      {read.isPending && <LoaderCircle size={11} className="motion-safe:animate-spin" aria-hidden />}{words.nextRead}
    </Button>
  )
  return (
    <Card title={words.missing} aside={byModel}>
      <div data-testid="missing" aria-busy={read.isPending}>
      {data.items.length === 0 && <p className="text-xs text-fg-3">{words.missingNothing}</p>}
      <ul className="space-y-1">
        {data.items.map(({ question }) => (
          <li key={question} className="flex items-center gap-2">
            <span dir="auto" className="min-w-0 flex-1 text-xs text-fg-2">{question}</span>
            <Button variant="ghost" aria-label={words.askForThis(question)} onClick={() => onInsert(question)}><CornerDownLeft size={11} aria-hidden />{words.askFor}</Button>
          </li>
        ))}
      </ul>
      {read.isError && <p role="alert" className="mt-1 text-xs text-high">{sentence(read.error)}</p>}
      {remarks.map((check) => <p key={check.name} className="mt-1 text-xs text-fg-3">{said(check.detail, check.detail_code)}</p>)}
      </div>
    </Card>
  )
}
