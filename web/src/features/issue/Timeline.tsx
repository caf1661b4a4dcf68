import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CheckCheck } from 'lucide-react'
import { Fragment, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { attachmentsQuery, issueKeys, refreshLists, type Issue, type Message as MessageType } from '../../api/queries/issues'
import { queuedQuery } from '../../api/queries/messages'
import { panelQuery } from '../../api/queries/panel'
import { markOf, markSeen } from '../../api/reading'
import type { AttachmentOut } from '../../api/schema'
import { useAfterPaint } from '../../lib/afterPaint'
import { duration, relative } from '../../lib/moments'
import { channels } from '../../strings/pages/channels'
import { thread } from '../../strings/pages/thread'
import { Button, Skeleton } from '../../ui'
import { EventLine } from './EventLine'
import { linesOf } from './events'
import { jumpToHash, onJump, takeFocus } from './jump'
import { Message } from './Message'
import { QueuedMessage } from './QueuedMessage'

const SHOWN = 40
/** So near to the end, in pixels, somebody reads what is newest. */
const NEAR_END = 48
/** The source of made-up issues. */
const SAMPLE = 'sample'
const NONE: readonly MessageType[] = []
const NO_FILES: readonly AttachmentOut[] = []

/** The conversation, oldest first, opened at its end. */
export function Timeline({ issue, messages }: { issue: Issue; messages: readonly MessageType[] | undefined }) {
  const box = useRef<HTMLDivElement>(null)
  const [shown, setShown] = useState(SHOWN)
  const [seenBefore] = useState(() => markOf(issue.id)?.seen)
  const atEnd = useRef(true)
  // What stands in the cache is shown at once; asking waits until the words are seen.
  const painted = useAfterPaint(true, false)
  const files = useFilesByMessage(issue.id, painted)
  const { data: queued = [] } = useQuery({ ...queuedQuery(issue.id), enabled: painted })
  const count = messages?.length ?? 0
  useLayoutEffect(() => {
    // Who reads further up stays there.
    if (atEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [count, queued.length])
  // Who opens it has read it; what is marked as unread while it is open stays that until it is opened again.
  const [there] = useState(issue.message_count)
  useEffect(() => markSeen(issue.id, { seen: there, unread: false }), [issue.id, there])
  useEffect(() => markSeen(issue.id, { seen: count }), [issue.id, count])
  useEffect(() => takeFocus(issue.id, box.current), [issue.id])
  useEffect(() => onJump((id) => {
    const at = messages?.findIndex((message) => message.id === id) ?? -1
    if (messages && at >= 0 && messages.length - at > shown) setShown(messages.length - at)
  }), [messages, shown])
  const here = messages !== undefined
  // Once it listens: the message may be among those that are folded.
  useEffect(() => { if (here) jumpToHash() }, [here])
  useSentMessages(issue.id, queued.map((one) => one.send_at))
  const hidden = Math.max(0, count - shown)
  const lines = useMemo(() => linesOf(messages ?? NONE, hidden, seenBefore || undefined), [messages, hidden, seenBefore])
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div ref={box} onScroll={({ currentTarget: at }) => { atEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_END }} id="conversation" role="region" aria-label={thread.conversation} tabIndex={0} className="min-h-0 flex-1 overflow-y-auto px-4 py-4 sm:px-6">
      <div className="mx-auto max-w-[42.5rem]">
        <p className="mb-4 text-center text-xs text-fg-3">{thread.opened(relative(issue.created_at), (channels as Record<string, string>)[issue.channel] ?? issue.channel)}{issue.external_ref && issue.external_ref.id !== issue.key && ` · ${issue.external_ref.id}`}{issue.external_ref?.source === SAMPLE && ` · ${thread.sample}`}</p>
        {hidden > 0 && <div className="mb-4 text-center"><Button onClick={() => setShown(shown + 200)}>{thread.showEarlier(hidden)}</Button></div>}
        {!messages && <Skeleton rows={8} />}
        <ol className="space-y-5">
          {lines.map(({ messages: said, isEvent, isNew }, at) => (
            <Fragment key={said[0].id}>
              {isNew && <NewLine />}
              {isEvent ? <EventLine messages={said} close={lines[at + 1]?.isEvent === true} /> : <Message message={said[0]} issue={issue} files={files.get(said[0].id) ?? NO_FILES} />}
            </Fragment>
          ))}
          {queued.map((one) => <QueuedMessage key={one.id} queued={one} />)}
        </ol>
        {messages && issue.resolved_at && (!issue.merged_into || issue.resolution) && (
          <div className="mt-5 rounded-xl border border-line bg-ok-soft px-4 py-3">
            <p className="flex items-center gap-1.5 text-xs font-medium text-ok"><CheckCheck size={14} aria-hidden />{thread.resolvedAfter(duration((Date.parse(issue.resolved_at) - Date.parse(issue.created_at)) / 3_600_000))}</p>
            {issue.resolution && <p dir="auto" className="mt-1 text-base whitespace-pre-wrap">{issue.resolution.text}</p>}
          </div>
        )}
      </div>
    </div>
  )
}

/** The files of each message, the same arrays until others arrive, so that messages are not drawn anew. */
function useFilesByMessage(id: string, enabled: boolean): ReadonlyMap<string | null | undefined, readonly AttachmentOut[]> {
  const { data } = useQuery({ ...attachmentsQuery(id), enabled })
  return useMemo(() => {
    const files = new Map<string | null | undefined, AttachmentOut[]>()
    for (const file of data ?? NO_FILES) files.set(file.message_id, [...(files.get(file.message_id) ?? []), file])
    return files
  }, [data])
}

const NewLine = () => (
  <li className="flex items-center gap-3 text-2xs font-medium text-accent-text"><span className="h-px flex-1 bg-accent" />{thread.newSince}<span className="h-px flex-1 bg-accent" /></li>
)

/** Reads the conversation anew, more and more rarely, from when a waiting reply is due until it has been sent. */
function useSentMessages(id: string, sendAt: readonly string[]): void {
  const client = useQueryClient()
  const last = sendAt.at(-1)
  useEffect(() => {
    if (!last) return
    const look = () => {
      for (const key of [issueKeys.messages(id), issueKeys.one(id), queuedQuery(id).queryKey, panelQuery(id).queryKey, attachmentsQuery(id).queryKey]) void client.invalidateQueries({ queryKey: key })
      refreshLists(client)
    }
    let pause = 1200
    let timer = setTimeout(again, Math.max(0, Date.parse(last) - Date.now()) + pause)
    function again() {
      look()
      pause = Math.min(15_000, pause * 1.5)
      timer = setTimeout(again, pause)
    }
    return () => {
      clearTimeout(timer)
      // What was read beside the queue may be from before the reply went.
      look()
    }
  }, [client, id, last])
}
