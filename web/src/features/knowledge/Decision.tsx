import { useQuery } from '@tanstack/react-query'
import { Check, X } from 'lucide-react'
import { useId, useState } from 'react'
import { ApiError, sentence } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import { articleQuery, useDecide } from '../../api/queries/knowledge'
import type { ProposalOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { toast } from '../../app/toasts'
import { words } from '../../strings/pages/knowledge'
import { Button } from '../../ui'
import { TextField } from '../../ui/Field'
import { Markdown } from '../../ui/Markdown'
import { Segmented } from '../../ui/Segmented'
import { ModelUse } from './ModelUse'
import { changesBetween } from './changes'

/** What was written over a proposal; what is not set stands as it was proposed. */
export type Edit = { title?: string; body?: string; reason?: string; language_model_allowed?: boolean }
type Props = {
  proposal: ProposalOut
  edit?: Edit | undefined
  onEdit: (change: Edit) => void
  /** It was approved or rejected. */
  onDone: () => void
}

/** The text that is proposed, to be set right before it is approved; for a change, beside what stands there now. */
export function Decision({ proposal, edit, onEdit, onDone }: Props) {
  const may = useMay('knowledge.decide')
  const { title, body, reason, language_model_allowed: allowed } = { title: proposal.title, body: proposal.body, reason: '', language_model_allowed: false, ...edit }
  const [mode, setMode] = useState<'preview' | 'changes' | 'write'>('preview')
  const { approve, reject } = useDecide(proposal)
  const told = (said: string) => ({ onSuccess: () => { toast({ title: said }); onDone() } })
  const accept = (force: boolean) => approve.mutate({ title, body, force, ...(allowed && { language_model_allowed: true }) }, told(words.approved))
  const refuse = () => reject.mutate(reason.trim() || null, told(words.rejected))
  useCommands(may ? [
    { id: 'knowledge.approve', label: words.approve, group: 'page', keys: ['a'], run: () => accept(false) },
    { id: 'knowledge.reject', label: words.reject, group: 'page', keys: ['x'], run: refuse },
  ] : [])
  const error = approve.error ?? reject.error
  const stale = error instanceof ApiError && error.code === 'article_changed'
  const busy = approve.isPending || reject.isPending
  const modes = [{ value: 'preview' as const, label: words.preview }, ...(proposal.article_id ? [{ value: 'changes' as const, label: words.nowAndThen }] : []), { value: 'write' as const, label: words.write }]
  return (
    <div className="mt-4 space-y-4">
      <Segmented label={words.mode} quiet value={mode} onChange={setMode} options={may ? modes : modes.filter(({ value }) => value !== 'write')} />
      {mode === 'preview' && <div className="rounded-xl border border-line px-4 py-3"><Markdown text={body} /></div>}
      {mode === 'changes' && proposal.article_id && <Changes articleId={proposal.article_id} body={body} />}
      {mode === 'write' && <Writing title={title} body={body} onEdit={onEdit} />}
      <ModelUse of={proposal} may={may} allowed={allowed} onChange={(language_model_allowed) => onEdit({ language_model_allowed })} />
      {error && <p role="alert" className="rounded-md bg-critical-soft px-3 py-2 text-xs text-critical">{stale ? words.approveAnyway : sentence(error)}</p>}
      {may ? (
        <div className="flex flex-wrap items-end gap-2">
          <Button variant="primary" keys="a" large disabled={busy} onClick={() => accept(false)}><Check size={13} aria-hidden />{words.approveAs}</Button>
          {stale && <Button large disabled={busy} onClick={() => accept(true)}>{words.anyway}</Button>}
          <TextField className="ml-auto w-56 max-sm:ml-0 max-sm:w-auto max-sm:flex-1" label={words.rejectReason} maxLength={2000} value={reason} onChange={(event) => onEdit({ reason: event.target.value })} />
          <Button keys="x" large disabled={busy} onClick={refuse}><X size={13} aria-hidden />{words.reject}</Button>
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

/** Line by line what would go and what would come; told by sign and word, not by colour alone. */
function Changes({ articleId, body }: { articleId: string; body: string }) {
  const { data: article } = useQuery(articleQuery(articleId))
  if (!article) return null
  return (
    <ul className="overflow-hidden rounded-xl border border-line font-mono text-xs">
      {changesBetween(article.body, body).map(({ kind, text }, index) => (
        <li key={index} className={kind === 'gone' ? 'bg-critical-soft text-critical' : kind === 'new' ? 'bg-ok-soft text-ok' : 'text-fg-2'}>
          <span className="flex gap-2 px-3 py-0.5">
            <span aria-hidden className="w-3 shrink-0 select-none">{kind === 'gone' ? '−' : kind === 'new' ? '+' : ''}</span>
            {kind !== 'same' && <span className="sr-only">{kind === 'gone' ? words.before : words.after}: </span>}
            <span dir="auto" className="break-words whitespace-pre-wrap">{text || ' '}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
