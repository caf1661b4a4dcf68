import { ChevronDown } from 'lucide-react'
import { memo } from 'react'
import type { Message } from '../../api/queries/issues'
import { relative } from '../../lib/moments'
import { tellDate } from '../../lib/time'
import { cx } from '../../ui'
import { eventWords, type Line } from './events'
import { messageElementId } from './jump'

type Props = { messages: Line['messages']; /** Another one follows. */ close: boolean }

/** Something that happened, in one quiet line; what happened several times opens, each time with its moment. */
export const EventLine = memo(function EventLine({ messages, close }: Props) {
  const last = messages.at(-1) ?? messages[0]
  const words = <span>{eventWords(messages)} <Moment of={last} /></span>
  const look = cx('text-center text-xs text-fg-3', close && 'mb-1')
  if (messages.length === 1) return <li id={messageElementId(last.id)} tabIndex={-1} className={cx('scroll-mt-4 outline-offset-4', look)}>{words}</li>
  return (
    <li className={look}>
      <details className="group">
        <summary className="inline-flex min-h-6 cursor-default list-none items-center gap-1 rounded-md px-1 hover:text-fg-2 pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
          {words}<ChevronDown size={12} aria-hidden className="shrink-0 group-open:rotate-180" />
        </summary>
        <ol className="mt-1 space-y-1">
          {messages.map((one) => <li key={one.id} id={messageElementId(one.id)} tabIndex={-1} className="scroll-mt-4 outline-offset-4">{eventWords([one])} <Moment of={one} /></li>)}
        </ol>
      </details>
    </li>
  )
})

const Moment = ({ of: { created_at: at } }: { of: Message }) => <time dateTime={at} onPointerEnter={tellDate}>{relative(at)}</time>
