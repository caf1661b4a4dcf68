import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { sentence } from '../../api/errors'
import { incidentsQuery, MOST_REPLIES, replyPreviewQuery, UNDO_ALL_S, useWhole } from '../../api/queries/incidents'
import { meQuery } from '../../api/queries/me'
import type { IncidentOut, ReplyPreviewOut } from '../../api/schema'
import { failed, toast } from '../../app/toasts'
import { useLater } from '../../lib/useLater'
import { words } from '../../strings/pages/incidents'
import { isOpen } from './parts'
import { changeReply, getReply, onReply, type ReplyDraft, type Tried } from './replyDraft'
import { lockOf, sendReply, takeReplyBack } from './sendReply'

/** A reply to all while it is written, what each customer would get, and what sends it or takes it back. */
export function useReply(incident: IncidentOut, onClose: () => void) {
  const signature = useQuery(meQuery).data?.account?.signature
  const [begun] = useState(signature ? `${words.start}\n\n${signature}` : words.start)
  const kept = useSyncExternalStore(onReply, () => getReply(incident.id))
  const { tried } = kept
  const { busy, problem, run } = useRun(onClose)
  const isKnownFree = useFree(incident.id, tried?.key)
  const { left, also, then } = tried ?? kept
  const draft = { body: tried?.body ?? kept.body ?? begun, left, also, then }
  const { previews, current, unreadable, isStale, open, isMore } = usePreviews(incident, draft.body)
  const change = (next: Partial<ReplyDraft>) => changeReply(incident.id, (now) => ({ ...now, ...next, ...(next.body === begun && { body: undefined }) }))
  const written = !['', begun.trim()].includes(draft.body.trim())
  const able = chosenOf(current, draft)
  const going = tried?.issueIds ?? idsOf(able)
  const had = hadOf(previews, going)
  const submit = () => run(async () => {
    const sending = tried ?? { key: crypto.randomUUID(), ...draft, issueIds: going, rest: isMore, again: able.some((one) => one.reply) }
    const queued = await sendReply(incident.id, kept, sending)
    if (queued === undefined) throw new Error(words.elsewhere)
    const rest = isMore ? open - queued : 0
    toast({ title: words.sent(queued, UNDO_ALL_S), ...(rest > 0 && { description: words.rest(rest) }), timeout: UNDO_ALL_S * 1000, undo: () => undo(incident.id, sending) })
    return true
  })
  const takeWhatWaits = (what: Tried) => run(async () => {
    tellTaken(await takeReplyBack(incident.id, what))
    return false
  })
  return {
    draft, tried, change, previews, submit, takeWhatWaits, written, going, busy, had, open,
    problem: problem ?? unreadable, isStale, unsure: tried && isKnownFree && !busy ? tried : undefined,
    ready: written && going.length > 0 && !busy && (tried ? isKnownFree : current.length > 0),
  }
}

const idsOf = (previews: readonly ReplyPreviewOut[]): string[] => previews.map((one) => one.issue_id)

/** Who has a reply of the incident and gets no other now. */
const hadOf = (previews: readonly ReplyPreviewOut[] = [], going: readonly string[]): string[] =>
  idsOf(previews.filter((one) => one.reply && !going.includes(one.issue_id)))

/** Whose box is ticked: everybody's without a reply of the incident, until it is unselected, and nobody's with one. */
const chosenOf = (previews: readonly ReplyPreviewOut[], { left, also }: Pick<ReplyDraft, 'left' | 'also'>): ReplyPreviewOut[] =>
  previews.filter(({ issue_id: id, missing, reply }) => !missing.length && (reply ? also.includes(id) : !left.includes(id)))

/** What each customer would get, first those who have no reply of the incident; `current` only while it is what would be sent. */
function usePreviews(incident: IncidentOut, body: string) {
  const client = useQueryClient()
  // Who has had a reply may have changed since the board was read.
  useEffect(() => void client.invalidateQueries({ queryKey: incidentsQuery.queryKey }), [client])
  const all = useWhole(incident)
  const isWhole = all.issues.length === all.issue_ids.length
  const open = all.issues.filter(isOpen)
  const without = open.filter(({ reply }) => !reply)
  const ids = [...without, ...open.filter(({ reply }) => reply)].map(({ id }) => id)
  const isMore = without.length > MOST_REPLIES
  const settled = useLater(body, 300)
  const query = replyPreviewQuery(incident.id, settled, ids.length > MOST_REPLIES ? ids.slice(0, MOST_REPLIES) : undefined)
  const { data, error: unreadable, isPlaceholderData: isStale } = useQuery({ ...query, enabled: isWhole && ids.length > 0 && settled.trim() !== '' })
  const previews = isWhole && !ids.length ? [] : data
  const isCurrent = isWhole && settled === body && !isStale && !unreadable
  return { previews, current: isCurrent ? (previews ?? []) : [], unreadable, isStale, open: isWhole ? without.length : incident.issues_open, isMore }
}

/** One thing at a time, with what did not work; closes what asked for it when it is done with. */
function useRun(onClose: () => void) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const isShown = useRef(false)
  useEffect(() => {
    isShown.current = true
    return () => { isShown.current = false }
  }, [])
  const run = (what: () => Promise<boolean>) => {
    setBusy(true)
    setProblem(undefined)
    what().then(
      (isDone) => { if (isDone && isShown.current) onClose() },
      (error: unknown) => (isShown.current ? setProblem(error) : failed(error)),
    ).finally(() => setBusy(false))
  }
  return { busy, problem, run }
}

/** Whether no tab sends or takes back any more what goes under this key. */
function useFree(incidentId: string, key: string | undefined): boolean {
  const [free, setFree] = useState<string>()
  useEffect(() => {
    if (!key) return undefined
    const control = new AbortController()
    navigator.locks.request(lockOf(incidentId), { signal: control.signal }, () => setFree(key)).catch(() => undefined)
    return () => control.abort()
  }, [incidentId, key])
  return key !== undefined && free === key
}

function undo(incidentId: string, tried: Tried): void {
  takeReplyBack(incidentId, tried).then(tellTaken, (error: unknown) => {
    // They still wait, as far as is known.
    toast({ title: words.notBack, description: sentence(error), tone: 'error', undo: () => undo(incidentId, tried) })
  })
}

function tellTaken({ taken, gone }: { taken: number; gone: number }): void {
  if (gone) toast({ title: words.notAllBack(taken, taken + gone), tone: 'error' })
  else toast({ title: taken ? words.takenBack(taken) : words.neverSent })
}
