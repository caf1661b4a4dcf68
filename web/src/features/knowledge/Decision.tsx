import { useQuery } from '@tanstack/react-query'
import { Check, X } from 'lucide-react'
import { useId, useState } from 'react'
import { ApiError, sentence } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import { articleChanged, articleQuery } from '../../api/queries/knowledge'
import type { Decision as Decided } from '../../api/queries/proposals'
import type { ProposalOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { words } from '../../strings/pages/knowledge'
import { Button } from '../../ui'
import { TextField } from '../../ui/Field'
import { Markdown } from '../../ui/Markdown'
import { Segmented } from '../../ui/Segmented'
import { decideOn } from './deciding'
import { Diff } from './Diff'
import { ModelUse } from './ModelUse'
import { TakenOut, useAskLeft } from './TakenOut'

/** What was written over a proposal; what is not set stands as it was proposed. */
export type Edit = { title?: string; body?: string; reason?: string; language_model_allowed?: boolean }
type Props = {
  proposal: ProposalOut
  edit?: Edit | undefined
  onEdit: (change: Edit) => void
  /** It was approved or rejected. */
  onDone: () => void
  /** A decision was taken back. */
  onBack: (proposal: ProposalOut) => void
}

/** The text that is proposed, to be set right before it is approved; for a change, first what it would change. */
export function Decision({ proposal, edit, onEdit, onDone, onBack }: Props) {
  const may = useMay('knowledge.decide')
  const { title, body, reason, language_model_allowed: allowed } = { title: proposal.title, body: proposal.body, reason: '', language_model_allowed: false, ...edit }
  const changes = proposal.kind === 'change' && proposal.article_id
  const [mode, setMode] = useState<'preview' | 'changes' | 'write'>(changes ? 'changes' : 'preview')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const stale = error instanceof ApiError && error.code === 'article_changed'
  const settle = (decision: Decided) => {
    setBusy(true)
    setError(undefined)
    decideOn(proposal, decision, { onDone, onBack }).catch((problem: unknown) => {
      setError(problem)
      // What stands there now is what has to be looked at.
      if (proposal.article_id) void articleChanged(proposal.article_id)
      if (changes) setMode('changes')
    }).finally(() => setBusy(false))
  }
  const accept = (force: boolean) => settle({ how: 'approve', body: { title, body, force, ...(allowed && { language_model_allowed: true }) } })
  const { publish, question } = useAskLeft([title, body])
  const approve = () => publish(() => accept(false))
  const refuse = () => settle({ how: 'reject', reason: reason.trim() || null })
  // With Ctrl, as what goes out to customers: a letter that assigns or selects elsewhere must not publish here.
  useCommands(may ? [
    { id: 'knowledge.approve', label: words.approveAs, group: 'page', keys: ['mod+enter'], whileTyping: true, run: approve },
    { id: 'knowledge.reject', label: words.reject, group: 'page', keys: ['mod+backspace'], run: refuse },
  ] : [])
  const modes = [...(changes ? [{ value: 'changes' as const, label: words.nowAndThen }] : []), { value: 'preview' as const, label: words.preview }, { value: 'write' as const, label: words.write }]
  return (
    <div className="mt-3 space-y-3">
      <Segmented label={words.mode} quiet value={mode} onChange={setMode} options={modes} />
      {mode === 'preview' && <div className="rounded-xl border border-line px-4 py-3"><Markdown text={body} markTakenOut /></div>}
      {mode === 'changes' && proposal.article_id && <Changes articleId={proposal.article_id} title={title} body={body} />}
      {mode === 'write' && <Writing title={title} body={body} onEdit={onEdit} />}
      <TakenOut texts={[title, body]} />
      {question}
      <ModelUse of={proposal} may={may} allowed={allowed} onChange={(language_model_allowed) => onEdit({ language_model_allowed })} />
      {Boolean(error) && <p role="alert" className="rounded-md bg-critical-soft px-3 py-2 text-xs text-critical">{stale ? words.approveAnyway : sentence(error)}</p>}
      {may ? (
        <div className="flex flex-wrap items-end gap-2">
          <Button variant="primary" keys="mod+enter" large disabled={busy} onClick={approve}><Check size={13} aria-hidden />{words.approveAs}</Button>
          {stale && <Button large disabled={busy} onClick={() => accept(true)}>{words.anyway}</Button>}
          <form className="ml-auto flex flex-wrap items-end gap-2 max-sm:ml-0 max-sm:w-full" onSubmit={(event) => { event.preventDefault(); if (!busy) refuse() }}>
            <TextField className="w-56 max-sm:w-auto max-sm:flex-1" label={words.rejectReason} maxLength={2000} value={reason} onChange={(event) => onEdit({ reason: event.target.value })} />
            <Button type="submit" keys="mod+backspace" large disabled={busy}><X size={13} aria-hidden />{words.reject}</Button>
          </form>
        </div>
      ) : <p className="text-xs text-fg-3">{words.decide}</p>}
    </div>
  )
}

type WritingProps = { title: string; body: string; onEdit: Props['onEdit'] }

function Writing({ title, body, onEdit }: WritingProps) {
  const id = useId()
  return (
    <div className="space-y-3">
      <TextField label={words.title} required maxLength={300} value={title} onChange={(event) => onEdit({ title: event.target.value })} />
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-fg-2">{words.body}</label>
      <textarea id={id} dir="auto" rows={14} maxLength={1_000_000} value={body} onChange={(event) => onEdit({ body: event.target.value })} className="block w-full rounded-md border border-line-strong bg-panel px-3 py-2 font-mono text-sm" />
    </div>
  )
}

function Changes({ articleId, title, body }: { articleId: string; title: string; body: string }) {
  const { data: article } = useQuery(articleQuery(articleId))
  if (!article) return null
  return (
    <>
      {article.title !== title && <p className="text-xs text-fg-3">{words.renamed(article.title, title)}</p>}
      <Diff before={article.body} after={body} names={{ before: words.before, after: words.after }} />
    </>
  )
}
