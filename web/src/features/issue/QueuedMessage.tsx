import { useQuery } from '@tanstack/react-query'
import { Paperclip, Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { ApiError } from '../../api/errors'
import { meQuery, useMay } from '../../api/queries/me'
import { useTakeBack } from '../../api/queries/messages'
import type { QueuedMessageOut } from '../../api/schema'
import { failed, toast } from '../../app/toasts'
import { t } from '../../strings/work'
import { thread } from '../../strings/pages/thread'
import { words } from '../../strings/pages/writing'
import { Avatar, Button } from '../../ui'
import { isOver } from './matters'
import { giveBack } from './useDraftText'

/** Takes a reply back from the server and puts its words into the composer again. */
export function useUndoSend(issueId: string): (queued: QueuedMessageOut) => void {
  const { mutateAsync } = useTakeBack(issueId)
  // Not callbacks of `mutate`: those are dropped when the person has moved on, and the reply would go with them.
  return (queued) => {
    isOver(queued.id)
    void mutateAsync(queued).then(
      ({ body, add_tags, then_status, templates }) => {
        giveBack(issueId, 'reply', body, { unsigned: true, addTags: add_tags, templates, thenStatus: then_status === 'resolved' ? then_status : undefined })
        toast({ title: t.compose.takenBack })
      },
      (error: unknown) => {
        if (error instanceof ApiError && error.status === 404) toast({ title: t.compose.tooLate, tone: 'error' })
        else failed(error)
      },
    )
  }
}

/** A reply that the server holds for a moment. */
export function QueuedMessage({ queued }: { queued: QueuedMessageOut }) {
  const undo = useUndoSend(queued.issue_id)
  const { data: me } = useQuery(meQuery)
  const mayStop = useMay('replies.stop')
  const left = useSecondsUntil(queued.send_at)
  const name = queued.author_name ?? t.issue.agent
  return (
    <li className="rounded-xl border border-dashed border-line-strong bg-hover px-4 py-3">
      <div className="mb-1 flex items-center gap-2">
        <Avatar name={name} />
        <span dir="auto" className="min-w-0 font-semibold wrap-anywhere">{name}</span>
        <span data-number className="shrink-0 text-xs text-fg-3">{thread.sendingIn(left)}</span>
        {left > 0 && (me?.id === queued.created_by || mayStop) && <Button className="ml-auto" onClick={() => undo(queued)}><Undo2 size={12} aria-hidden />{t.app.undo}</Button>}
      </div>
      <div dir="auto" className="max-w-[68ch] text-base break-words whitespace-pre-wrap text-fg-2">{queued.body}</div>
      {queued.attachment_ids.length > 0 && <p className="mt-1 flex items-center gap-1 text-xs text-fg-3"><Paperclip size={12} aria-hidden />{words.filesWith(queued.attachment_ids.length)}</p>}
    </li>
  )
}

function useSecondsUntil(moment: string): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.ceil((Date.parse(moment) - now) / 1000))
}
