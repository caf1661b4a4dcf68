import { Bot, Lock } from 'lucide-react'
import { Link } from '@tanstack/react-router'
import { memo, useState } from 'react'
import type { Issue, Message as MessageType } from '../../api/queries/issues'
import type { AttachmentOut } from '../../api/schema'
import { isSignature, splitQuoted } from '../../lib/quotes'
import { relative } from '../../lib/moments'
import { tellDate } from '../../lib/time'
import { t } from '../../strings'
import { thread } from '../../strings/pages/thread'
import { Avatar, Button, cx } from '../../ui'
import { EmailFrame } from './EmailFrame'
import { messageElementId } from './jump'
import { MessageFiles } from './MessageFiles'

const LONG_CHARS = 3000
type Props = { message: MessageType; issue: Issue; files: readonly AttachmentOut[] }

/** One message. Who speaks is told by name and place; a note among colleagues by colour, word and lock. */
export const Message = memo(function Message({ message, issue, files }: Props) {
  const note = message.visibility === 'internal'
  const name = authorName(message, issue)
  const mine = message.author === 'agent'
  const from = message.author === 'system' ? undefined : issue.merged.find((one) => one.id === message.issue_id)
  return (
    <li id={messageElementId(message.id)} tabIndex={-1} className={cx('scroll-mt-4 rounded-xl outline-offset-4', note && 'border border-note-line bg-note px-4 py-3', mine && !note && 'bg-hover px-4 py-3', message.author === 'system' && 'text-fg-3')}>
      <div className="mb-1 flex flex-wrap items-center gap-x-2">
        {message.author === 'system' ? <Bot size={18} aria-hidden className="text-fg-3" /> : <Avatar name={name} />}
        <span dir="auto" className="min-w-0 font-semibold wrap-anywhere">{name}</span>
        {note && <span className="inline-flex items-center gap-1 text-2xs font-medium text-medium"><Lock size={11} aria-hidden />{thread.internalNote}</span>}
        {from && <Link to="." params={(now) => ({ ...now, issueId: from.id })} search title={from.subject} className="inline-flex min-h-6 items-center text-2xs text-accent-text underline underline-offset-2">{thread.sentTo(from.key)}</Link>}
        <time dateTime={message.created_at} onPointerEnter={tellDate} className="text-xs text-fg-3">{relative(message.created_at)}</time>
      </div>
      <Body message={message} name={name} />
      {files.length > 0 && <MessageFiles files={files} />}
    </li>
  )
})

function authorName(message: MessageType, issue: Issue): string {
  if (message.author_name) return message.author_name
  if (message.author === 'customer') return issue.customer?.name ?? thread.customer
  return message.author === 'system' ? thread.system : (issue.assignee_name ?? t.issue.agent)
}

function Body({ message, name }: { message: MessageType; name: string }) {
  const [whole, setWhole] = useState(false)
  const [formatted, setFormatted] = useState(false)
  const { fresh, rest } = splitQuoted(message.body)
  const short = fresh.length > LONG_CHARS ? `${fresh.slice(0, LONG_CHARS)}…` : fresh
  const folded = rest !== '' || short !== fresh
  const hidesSignature = short === fresh && isSignature(rest)
  return (
    <>
      {formatted && message.body_html
        ? <EmailFrame html={message.body_html} title={thread.frameTitle(name)} />
        : <div dir="auto" className="max-w-[68ch] text-base break-words whitespace-pre-wrap">{whole ? message.body : short}</div>}
      {(folded || message.body_html) && (
        <div className="mt-1 -ml-2.5 flex gap-1">
          {folded && !formatted && <Button variant="ghost" aria-expanded={whole} onClick={() => setWhole(!whole)}>{whole ? thread.hideQuoted : hidesSignature ? thread.showSignature : thread.showQuoted}</Button>}
          {message.body_html && <Button variant="ghost" aria-pressed={formatted} onClick={() => setFormatted(!formatted)}>{formatted ? thread.plain : thread.formatted}</Button>}
        </div>
      )}
    </>
  )
}
