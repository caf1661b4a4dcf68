import { useQuery } from '@tanstack/react-query'
import { PencilLine, X } from 'lucide-react'
import { meQuery } from '../../api/queries/me'
import { missingLines, signed } from '../../lib/signature'
import { words } from '../../strings/pages/writing'
import { IconButton } from '../../ui'
import { box } from './composing'
import { changeDraft, type DraftText } from './useDraftText'

/** What is put below the reply when it is sent: in sight before, left out or taken into the text by a press. */
export default function Signature({ issueId, draft: { reply, unsigned } }: { issueId: string; draft: DraftText }) {
  const signature = useQuery(meQuery).data?.account?.signature
  const missing = signature && !unsigned && reply.trim() ? missingLines(reply, signature) : ''
  if (!signature || !missing) return null
  const change = (text: string) => {
    box()?.focus()
    changeDraft(issueId, { reply: text, unsigned: true })
  }
  return (
    <div role="group" aria-label={words.signature} className="mx-3 mb-1.5 flex items-start gap-1 border-l-2 border-line pl-2 text-fg-3">
      <p dir="auto" className="line-clamp-4 min-w-0 flex-1 py-0.5 text-xs break-words whitespace-pre-wrap">{missing}</p>
      <IconButton label={words.editSignature} className="size-6" onClick={() => change(signed(reply, signature))}><PencilLine size={13} aria-hidden /></IconButton>
      <IconButton label={words.dropSignature} className="size-6" onClick={() => change(reply)}><X size={13} aria-hidden /></IconButton>
    </div>
  )
}
