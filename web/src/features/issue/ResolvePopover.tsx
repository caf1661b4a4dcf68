import { useQuery } from '@tanstack/react-query'
import { useId, useState, type ReactElement } from 'react'
import { sentence } from '../../api/errors'
import { messagesQuery, type Issue } from '../../api/queries/issues'
import { useResolve } from '../../api/queries/messages'
import { toast } from '../../app/toasts'
import { t } from '../../strings/work'
import { thread } from '../../strings/pages/thread'
import { Button } from '../../ui'
import { Popover } from '../../ui/lazy'
import { useIssueActions } from '../inbox/actions'

type Props = { issue: Issue; trigger: ReactElement; open: boolean; onOpenChange: (open: boolean) => void }

/** Closes the issue with what solved it: what later searches, summaries and the knowledge base learn from. */
export function ResolvePopover({ issue, ...rest }: Props) {
  return (
    <Popover title={t.resolve.title} align="end" className="w-[min(380px,92vw)]" {...rest}>
      <Form issue={issue} onDone={() => rest.onOpenChange(false)} />
    </Popover>
  )
}

function Form({ issue, onDone }: { issue: Issue; onDone: () => void }) {
  const id = useId()
  const { data: messages } = useQuery(messagesQuery(issue.id))
  const lastReply = messages?.findLast((message) => message.author === 'agent' && message.visibility === 'public')?.body ?? ''
  const [text, setText] = useState(lastReply)
  const resolve = useResolve(issue.id)
  const act = useIssueActions()
  const save = () => {
    if (!text.trim()) return
    resolve.mutate(text.trim(), { onSuccess: () => { onDone(); toast({ title: thread.resolvedToast }) } })
  }
  const without = () => { void act.setStatus([issue.id], 'resolved'); onDone() }
  return (
    <form onSubmit={(event) => { event.preventDefault(); save() }}>
      <label htmlFor={id} className="mb-2 block text-xs text-fg-3">{t.resolve.hint}</label>
      <textarea
        id={id} rows={6} value={text} maxLength={100_000} onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => { if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) { event.preventDefault(); save() } }}
        className="block w-full resize-y rounded-md border border-line-strong bg-panel p-2 text-sm"
      />
      {resolve.error && <p role="alert" className="mt-1 text-xs text-critical">{sentence(resolve.error)}</p>}
      <div className="mt-2 flex justify-end gap-1">
        <Button variant="ghost" onClick={without}>{t.resolve.without}</Button>
        <Button type="submit" variant="primary" keys="mod+enter" disabled={!text.trim() || resolve.isPending}>{thread.resolve}</Button>
      </div>
    </form>
  )
}
