import { BookOpen, FileText, MessageSquare, UserRound, type Search } from 'lucide-react'
import { Link } from '@tanstack/react-router'
import type { Kind } from '../../api/queries/search'
import type { FoundOut } from '../../api/schema'
import { pageComes } from '../../app/earlyKeys'
import { capital } from '../../lib/names'
import { dateTime, shortAge } from '../../lib/time'
import { t } from '../../strings'
import { preview } from '../../strings/pages/preview'
import { words } from '../../strings/pages/search'
import { Badge, Severity, cx } from '../../ui'
import { linkOf } from './links'

const ICONS: Record<Kind, typeof Search> = { issue: MessageSquare, customer: UserRound, article: BookOpen, template: FileText }

/** One that was found, told from others like it as a row of the inbox is: whose it is, how old, and what people call it. */
export function Result({ hit, isShown, onChoose }: { hit: FoundOut; isShown: boolean; onChoose: (id: string) => void }) {
  const Icon = ICONS[hit.kind]
  const below = tellingOf(hit)
  return (
    <Link
      {...linkOf(hit)} data-result={hit.id} aria-current={isShown || undefined} onFocus={() => onChoose(hit.id)} onClick={(event) => { if (hit.kind === 'issue' && !(event.ctrlKey || event.metaKey || event.shiftKey)) pageComes() }}
      className={cx('flex gap-3 rounded-lg px-2 py-2 -outline-offset-2 forced-colors:aria-[current]:outline-2', isShown ? 'bg-selected' : 'hover:bg-hover')}
    >
      <span aria-hidden className="mt-0.5 flex size-6 shrink-0 items-center justify-center rounded-md bg-hover text-fg-3"><Icon size={13} /></span>
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <span dir="auto" className="truncate font-medium">{hit.title}</span>
          <span className="sr-only">{words.kindOne[hit.kind]}</span>
          {hit.status && hit.status !== 'published' && <Badge>{statusName(hit.status)}</Badge>}
          {hit.kind !== 'article' && hit.created_at && <time dateTime={hit.created_at} title={dateTime(hit.created_at)} className="ml-auto shrink-0 text-2xs text-fg-3">{shortAge(hit.created_at)}</time>}
        </span>
        {below.length > 0 && (
          <span className="flex items-center gap-1.5 text-xs text-fg-2">
            {hit.kind === 'issue' && hit.severity && <Severity value={hit.severity} compact />}
            <span className="line-clamp-1 wrap-anywhere">{below.map((part, index) => <span key={index}>{index > 0 && ' · '}<bdi>{part}</bdi></span>)}</span>
          </span>
        )}
        {hit.kind !== 'customer' && hit.snippet && <span dir="auto" className="line-clamp-2 text-xs text-fg-3">{hit.snippet}</span>}
      </span>
    </Link>
  )
}

/** What tells it from others with the same title. */
function tellingOf({ kind, title, key, customer }: FoundOut): string[] {
  const { name, email, company, plan } = customer ?? {}
  const parts = kind === 'issue' ? [name ?? email, company, key] : kind === 'customer' ? [company, plan && capital(plan), email] : []
  return parts.filter((part): part is string => Boolean(part) && part !== title)
}

const statusName = (status: string): string => ({ ...t.issue.status, ...preview.articleStatus } as Record<string, string>)[status] ?? status
