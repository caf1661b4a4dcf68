import { useState } from 'react'
import type { Issue } from '../../api/queries/issues'
import { useMay } from '../../api/queries/me'
import { toast } from '../../app/toasts'
import { t } from '../../strings'
import { thread } from '../../strings/pages/thread'
import { useIssueActions } from '../inbox/actions'

/** The title of the page; changed in its place. */
export function Subject({ issue }: { issue: Issue }) {
  const [editing, setEditing] = useState(false)
  const edits = useMay('issues.edit')
  const act = useIssueActions()
  const save = (text: string) => {
    setEditing(false)
    const subject = text.trim()
    if (subject && subject !== issue.subject) void act.rename(issue.id, subject)
  }
  if (editing) {
    return (
      <input
        // eslint-disable-next-line jsx-a11y/no-autofocus -- the person has just asked to edit this
        autoFocus aria-label={thread.editSubject} defaultValue={issue.subject} maxLength={500}
        onBlur={(event) => save(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') save(event.currentTarget.value)
          if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); setEditing(false) }
        }}
        className="h-7 w-full min-w-0 flex-1 rounded-md border border-line-strong bg-panel px-2 text-lg font-semibold"
      />
    )
  }
  return (
    <div className="flex min-w-0 flex-1 items-center gap-2">
      <Key issue={issue} />
      <h1 dir="auto" className="min-w-0 text-lg leading-6 font-semibold">
        {edits ? (
          <button type="button" title={issue.subject} onClick={() => setEditing(true)} className="relative block max-w-full truncate rounded-sm text-left hover:bg-hover">
            {issue.subject || t.inbox.noSubject}<span className="sr-only">, {thread.editSubject}</span>
          </button>
        ) : <span title={issue.subject} className="block truncate">{issue.subject || t.inbox.noSubject}</span>}
      </h1>
    </div>
  )
}

/** What the issue is called on the phone; copied by a press. */
function Key({ issue }: { issue: Issue }) {
  const copy = () => void navigator.clipboard.writeText(issue.key).then(() => toast({ title: thread.keyCopied(issue.key) }))
  return (
    <button type="button" data-tip={thread.copyKey} aria-label={`${issue.key}, ${thread.copyKey}`} onClick={copy} className="inline-flex h-6 max-w-36 shrink-0 items-center rounded-sm text-xs text-fg-3 tabular-nums hover:text-fg pointer-coarse:h-11">
      <span className="truncate">{issue.key}</span>
    </button>
  )
}
