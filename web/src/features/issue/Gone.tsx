import { Link } from '@tanstack/react-router'
import { Check, Copy, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { inboxRoute } from '../../routes'
import { t } from '../../strings'
import { words } from '../../strings/pages/teams'
import { Button, Empty } from '../../ui'
import { getDraft } from './useDraftText'

const PARTS = ['reply', 'note'] as const

/** In the place of an issue that went to a team whose issues one does not see: what was begun to be written to it stays. */
export default function Gone({ issueId }: { issueId: string }) {
  const { view } = inboxRoute.useParams()
  const search = inboxRoute.useSearch()
  // As it stands: the server has no draft of what one does not see.
  const draft = getDraft(issueId)
  const begun = PARTS.filter((part) => draft[part].trim())
  return (
    <div className="h-full overflow-y-auto" role="status">
      <Empty page icon={<UsersRound size={18} />} title={words.goneTitle} hint={begun.length ? words.goneDraft : words.goneHint}>
        {begun.map((part) => <Kept key={part} title={words.draft[part]} text={draft[part]} />)}
        <Link to="/inbox/$view" params={{ view }} search={search} className="inline-flex h-7 items-center rounded-md border border-line bg-raised px-2.5 text-xs font-medium hover:bg-hover pointer-coarse:h-11">{t.issue.back}</Link>
      </Empty>
    </div>
  )
}

function Kept({ title, text }: { title: string; text: string }) {
  const [copied, setCopied] = useState(false)
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true), () => undefined)
  return (
    <section aria-label={title} className="w-full rounded-lg border border-line bg-panel p-3 text-left">
      <div className="mb-1 flex items-center justify-between gap-2">
        <h2 className="text-xs font-medium text-fg-2">{title}</h2>
        <Button onClick={copy}>{copied ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}<span aria-live="polite">{copied ? t.app.copied : t.app.copy}</span></Button>
      </div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keys */}
      <p dir="auto" tabIndex={0} className="max-h-48 overflow-y-auto text-sm wrap-break-word whitespace-pre-wrap select-text">{text}</p>
    </section>
  )
}
