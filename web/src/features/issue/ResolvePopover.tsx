import { useQuery } from '@tanstack/react-query'
import { useId, useState, type ReactElement } from 'react'
import { messagesQuery, type Issue } from '../../api/queries/issues'
import { useResolve } from '../../api/queries/messages'
import { failed, toast } from '../../app/toasts'
import { t } from '../../strings/work'
import { thread } from '../../strings/pages/thread'
import { Button } from '../../ui'
import { Popover } from '../../ui/lazy'
import { useIssueActions } from '../inbox/actions'

type Props = { issue: Issue; trigger: ReactElement; open: boolean; onOpenChange: (open: boolean) => void }

/** Closes the issue with what solved it: what later searches, summaries and the knowledge base learn from. */
export function ResolvePopover({ issue, ...rest }: Props) {
  return (
    <Popover title={t.resolve.title} align="end" className="w-[min(23.75rem,92vw)]" {...rest}>
      <Form issue={issue} onDone={() => rest.onOpenChange(false)} />
    </Popover>
  )
}

/** What stands there is a proposal: typing takes its place, and an arrow keeps it. */
const selected = (field: HTMLTextAreaElement | null): void => field?.select()

/** Notes that were begun: a popover that is closed by mistake, or a network that is gone, takes no words. */
const begun = new Map<string, string>()

function Form({ issue, onDone }: { issue: Issue; onDone: () => void }) {
  const id = useId()
  const { data: messages } = useQuery(messagesQuery(issue.id))
  const lastReply = messages?.findLast((message) => message.author === 'agent' && message.visibility === 'public')?.body ?? ''
  const [text, setText] = useState(begun.get(issue.id) || lastReply)
  const { mutateAsync } = useResolve(issue.id)
  const act = useIssueActions()
  const note = text.trim()
  const withoutNote = () => {
    onDone()
    return act.setStatus([issue.id], 'resolved')
  }
  const save = () => {
    if (!note) return withoutNote()
    onDone()
    // Told wherever the person is by then.
    return mutateAsync(note).then(() => {
      begun.delete(issue.id)
      toast({ title: thread.resolvedToast, undo: () => void act.change([issue.id], { status: issue.status }, t.resolve.undone, false) })
    }, failed)
  }
  const write = (words: string) => {
    setText(words)
    begun.set(issue.id, words)
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); void save() }}>
      <label htmlFor={id} className="mb-2 block text-xs text-fg-3">{t.resolve.hint}</label>
      <textarea
        id={id} ref={selected} rows={6} value={text} maxLength={100_000} onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => { if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) { event.preventDefault(); void save() } }}
        className="block w-full resize-y rounded-md border border-line-strong bg-panel p-2 text-sm"
      />
      <div className="mt-2 flex justify-end gap-1">
        {note && <Button variant="ghost" onClick={() => void withoutNote()}>{t.resolve.without}</Button>}
        <Button type="submit" variant="primary" keys="mod+enter">{note ? thread.resolve : t.resolve.withoutNote}</Button>
      </div>
    </form>
  )
}
