import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../api/errors'
import { incidentQuery, MOST_REPLIES, replyPreviewQuery, UNDO_ALL_S, useReplyToAll } from '../../api/queries/incidents'
import { meQuery } from '../../api/queries/me'
import type { IncidentOut, QueuedMessageOut } from '../../api/schema'
import { failed, toast } from '../../app/toasts'
import { useLater } from '../../lib/useLater'
import { words } from '../../strings/pages/incidents'
import { isOpen } from './parts'
import { keepReply, keptReply, type ReplyDraft } from './replyDraft'

/** A reply to all while it is written, what each customer would get, and what sends it or takes it back. */
export function useReply(incident: IncidentOut, onClose: () => void) {
  const me = useQuery(meQuery).data
  const signature = me?.account?.signature
  const [begun] = useState(signature ? `${words.start}\n\n${signature}` : words.start)
  const [draft, setDraft] = useState(() => keptReply(incident.id, begun))
  const { send, takeBack, waiting } = useReplyToAll(incident.id)
  const all = useQuery({ ...incidentQuery(incident.id), enabled: incident.issues.length < incident.issue_ids.length }).data ?? incident
  const open = all.issues.filter((issue) => isOpen(issue) && !draft.done.includes(issue.id)).map((issue) => issue.id)
  const batch = draft.done.length > 0 || open.length > MOST_REPLIES ? open.slice(0, MOST_REPLIES) : undefined
  const settled = useLater(draft.body, 300)
  const { data: previews, error: unreadable, isPlaceholderData } = useQuery(replyPreviewQuery(incident.id, settled, batch))
  const change = (next: Partial<ReplyDraft>) => {
    const whole = { ...draft, ...next }
    setDraft(whole)
    keepReply(incident.id, whole)
  }
  const written = draft.body.trim() !== '' && draft.body.trim() !== begun.trim()
  // What is shown must be what is sent.
  const current = settled === draft.body && !isPlaceholderData && !unreadable ? (previews ?? []) : []
  const able = current.filter((one) => !one.missing.length && !draft.left.includes(one.issue_id)).map((one) => one.issue_id)
  const going = draft.tried?.issueIds ?? able
  const undo = (queued: readonly QueuedMessageOut[], sent: ReplyDraft) => takeBack(queued).then((taken) => {
    keepReply(incident.id, { ...sent, tried: undefined })
    toast(taken < queued.length ? { title: words.notAllBack(taken, queued.length), tone: 'error' } : { title: words.takenBack(taken) })
  }, failed)
  const submit = () => {
    const tried = draft.tried ?? { key: crypto.randomUUID(), issueIds: going, at: Date.now() }
    const sent = { ...draft, tried }
    change({ tried })
    send.mutateAsync({ key: tried.key, body: draft.body, issue_ids: tried.issueIds, delay_s: UNDO_ALL_S, then_status: draft.then === 'stay' ? null : draft.then }).then(({ data }) => {
      // Those beyond the limit have the same words next.
      keepReply(incident.id, batch && open.length > batch.length ? { ...draft, done: [...draft.done, ...batch], tried: undefined } : null)
      onClose()
      toast({ title: words.sent(data.length, UNDO_ALL_S), timeout: UNDO_ALL_S * 1000, undo: () => void undo(data, sent) })
    }, (error: unknown) => {
      // A refusal says that nothing was queued; without an answer nobody knows.
      if (error instanceof ApiError && error.status < 500) change({ tried: undefined })
    })
  }
  const takeWhatWaits = async () => {
    const { tried } = draft
    if (!tried) return
    const queued = (await waiting(tried.issueIds)).filter((one) => one.created_by === me?.id && Date.parse(one.created_at) > tried.at - 60_000)
    const taken = await takeBack(queued)
    if (taken < queued.length) throw new Error(words.notAllBack(taken, queued.length))
    change({ tried: undefined })
    toast({ title: words.takenBack(taken) })
  }
  return {
    draft, change, previews, submit, takeWhatWaits, written, going, open: open.length,
    problem: send.error ?? unreadable, isPending: send.isPending, isStale: isPlaceholderData, unsure: draft.tried !== undefined && !send.isPending,
    ready: written && going.length > 0 && !send.isPending && (draft.tried !== undefined || current.length > 0),
  }
}
