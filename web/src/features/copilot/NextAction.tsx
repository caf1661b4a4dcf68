import { useQuery } from '@tanstack/react-query'
import { Check, Circle, CircleAlert, CircleDot, CornerDownLeft, LoaderCircle } from 'lucide-react'
import { sentence } from '../../api/errors'
import { nextActionQuery, useNextAction } from '../../api/queries/assist'
import type { NextActionOut, StepOut } from '../../api/schema'
import { said } from '../../lib/reasons'
import { t } from '../../strings/work'
import { words } from '../../strings/pages/assist'
import { Button } from '../../ui'
import { jumpToMessage } from '../issue/jump'
import { Card } from './Card'

type Props = { issueId: string; onInsert: (text: string) => void }

const ICONS = { done: Check, told: CircleDot, stuck: CircleAlert, open: Circle }

/** The next step of the procedure that fits, and how far that has come. Nothing is shown where nothing would help. */
export function NextAction({ issueId, onInsert }: Props) {
  const { data: action, error, refetch } = useQuery(nextActionQuery(issueId))
  const read = useNextAction(issueId)
  if (error && !action) {
    return <Card title={words.next} aside={<Button variant="ghost" onClick={() => void refetch()}>{t.app.retry}</Button>}><p className="text-xs text-fg-3">{words.nextFailed} {sentence(error)}</p></Card>
  }
  // What to ask for has a card of its own.
  if (!action || action.kind === 'none' || action.kind === 'ask') return null
  const byModel = action.may_ask_model && (
    <Button variant="ghost" disabled={read.isPending} aria-busy={read.isPending} onClick={() => read.mutate()}>
      {read.isPending && <LoaderCircle size={11} className="motion-safe:animate-spin" aria-hidden />}{words.nextRead}
    </Button>
  )
  return (
    <Card title={words.next} aside={byModel}>
      <div data-testid="next-action" aria-busy={read.isPending}>
        <p className="text-xs font-medium text-fg-2">{words.nextKind[action.kind]}</p>
        {action.text && action.kind === 'step' && (
          <p className="mt-0.5 flex items-start gap-2 leading-[1.55]">
            <span dir="auto" className="min-w-0 flex-1">{action.text}</span>
            {action.for_customer && <Button variant="ghost" aria-label={words.nextInsert(action.text)} onClick={() => onInsert(action.text)}><CornerDownLeft size={11} aria-hidden />{words.nextUse}</Button>}
          </p>
        )}
        <Procedure action={action} />
        {read.isError && <p role="alert" className="mt-1 text-xs text-high">{sentence(read.error)}</p>}
        {action.checks.filter((check) => check.verdict === 'flagged').map((check) => <p key={check.name} className="mt-1 text-xs text-fg-3">{said(check.detail, check.detail_code)}</p>)}
      </div>
    </Card>
  )
}

function Procedure({ action: { procedure, step } }: { action: NextActionOut }) {
  if (!procedure) return null
  return (
    <details className="mt-1.5 text-xs">
      <summary className="min-h-6 cursor-pointer text-fg-3 hover:text-fg-2">{procedure.source.title} <span className="text-2xs">({t.copilot.sourceKind[procedure.source.kind]})</span></summary>
      <ol className="mt-1 space-y-0.5">
        {procedure.steps.map((each) => <Step key={each.number} step={each} now={each.number === step} />)}
      </ol>
    </details>
  )
}

function Step({ step, now }: { step: StepOut; now: boolean }) {
  const Icon = ICONS[step.state]
  const { message_id: message } = step
  return (
    <li aria-current={now ? 'step' : undefined} className={now ? 'flex items-start gap-1.5 font-medium text-fg' : 'flex items-start gap-1.5 text-fg-2'}>
      <Icon size={12} aria-hidden className="mt-0.5 shrink-0 text-fg-3" />
      <span dir="auto" className="min-w-0 flex-1">{step.text}</span>
      {message
        ? <button type="button" aria-label={words.nextShow(words.nextState[step.state])} onClick={() => jumpToMessage(message)} className="min-h-6 shrink-0 text-accent-text hover:underline">{words.nextState[step.state]}</button>
        : <span className="sr-only">{words.nextState[step.state]}</span>}
    </li>
  )
}
