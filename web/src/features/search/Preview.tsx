import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { useRef, type ReactNode } from 'react'
import { customerQuery, historyQuery } from '../../api/queries/customers'
import { issueQuery, messagesQuery, type Issue, type Message } from '../../api/queries/issues'
import { articleQuery } from '../../api/queries/knowledge'
import type { FoundOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { capital } from '../../lib/names'
import { relative } from '../../lib/moments'
import { dateTime, shortAge } from '../../lib/time'
import { t } from '../../strings'
import { preview } from '../../strings/pages/preview'
import { words } from '../../strings/pages/search'
import { thread } from '../../strings/pages/thread'
import { Badge, Severity, cx } from '../../ui'
import { Markdown } from '../../ui/Markdown'
import { Waits } from '../../ui/Waits'
import { linkOf } from './links'
import { useMarkedWords } from './marks'

/** The open issues of a customer that are named; their page has all. */
const NAMED = 8

/** What was found and is in hand, beside the list; the words that were searched for are marked. */
export default function Preview({ hit, searched }: { hit: FoundOut; searched: string }) {
  const box = useRef<HTMLDivElement>(null)
  useMarkedWords(box, searched)
  return (
    <div ref={box} className="max-w-[72ch] space-y-5">
      {hit.kind === 'issue' ? <IssueShown hit={hit} /> : hit.kind === 'article' ? <ArticleShown hit={hit} /> : hit.kind === 'customer' ? <CustomerShown hit={hit} /> : <Top hit={hit} title={hit.title} />}
    </div>
  )
}

/** The title, with the way to all of it. */
function Top({ hit, title, above, children }: { hit: FoundOut; title: string; above?: ReactNode; children?: ReactNode }) {
  return (
    <header className="space-y-2">
      <p className="flex min-h-6 items-center gap-2 text-xs text-fg-3">
        <span>{words.kindOne[hit.kind]}</span>
        {above}
        <Link {...linkOf(hit)} className="ml-auto inline-flex min-h-6 items-center font-medium text-accent-text hover:underline">{preview.opens[hit.kind]}</Link>
      </p>
      <h2 dir="auto" className="text-base font-semibold wrap-anywhere">{title}</h2>
      {children}
    </header>
  )
}

function IssueShown({ hit }: { hit: FoundOut }) {
  const { data: issue, error, refetch } = useQuery(issueQuery(hit.id))
  const { data: messages } = useQuery(messagesQuery(hit.id))
  if (error && !issue) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (!issue) return <Waiting hit={hit} />
  const last = messages?.findLast((message) => message.author !== 'system')
  return (
    <>
      <Top hit={hit} title={issue.subject || t.inbox.noSubject} above={<span data-number>{issue.key}</span>}>
        <p className="flex flex-wrap items-center gap-1.5"><Badge>{t.issue.status[issue.status]}</Badge><Severity value={issue.severity} /></p>
      </Top>
      <Facts facts={[
        [preview.customer, issue.customer?.name ?? t.app.unknownPerson],
        [preview.company, issue.customer?.company],
        [preview.plan, issue.customer?.plan && capital(issue.customer.plan)],
        [preview.opened, dateTime(issue.created_at)],
      ]} />
      {issue.resolution && <Part title={preview.resolution}><Fix fix={issue.resolution} /></Part>}
      <Part title={preview.lastMessage}>
        {last ? <Said message={last} issue={issue} /> : messages ? <p className="text-fg-3">{preview.noMessage}</p> : <Waits rows={3} className="p-0" />}
      </Part>
    </>
  )
}

function Said({ message, issue }: { message: Message; issue: Issue }) {
  const note = message.visibility === 'internal'
  const name = message.author_name ?? (message.author === 'customer' ? (issue.customer?.name ?? thread.customer) : t.issue.agent)
  return (
    <div className={cx(note && 'rounded-lg border border-note-line bg-note px-3 py-2')}>
      <p className="mb-1 flex flex-wrap items-center gap-x-2">
        <span dir="auto" className="font-medium wrap-anywhere">{name}</span>
        {note && <span className="inline-flex items-center gap-1 text-2xs font-medium text-medium"><Lock size={11} aria-hidden />{thread.internalNote}</span>}
        <time dateTime={message.created_at} title={dateTime(message.created_at)} className="text-xs text-fg-3">{relative(message.created_at)}</time>
      </p>
      <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">{message.body}</p>
    </div>
  )
}

function Fix({ fix }: { fix: NonNullable<Issue['resolution']> }) {
  return (
    <>
      <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">{fix.text}</p>
      {fix.steps.length > 0 && <ol className="mt-2 list-decimal space-y-1 pl-5">{fix.steps.map((step, index) => <li key={index} dir="auto" className="wrap-anywhere">{step}</li>)}</ol>}
    </>
  )
}

function ArticleShown({ hit }: { hit: FoundOut }) {
  const { data: article, error, refetch } = useQuery(articleQuery(hit.id))
  if (error && !article) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (!article) return <Waiting hit={hit} />
  return (
    <>
      <Top hit={hit} title={article.title}>
        {article.status !== 'published' && <p><Badge>{preview.articleStatus[article.status]}</Badge></p>}
      </Top>
      <Markdown text={article.body} />
    </>
  )
}

function CustomerShown({ hit }: { hit: FoundOut }) {
  const { data: customer, error, refetch } = useQuery(customerQuery(hit.id))
  const { data: history } = useQuery(historyQuery(hit.id))
  if (error && !customer) return <ErrorView error={error} onRetry={() => void refetch()} />
  if (!customer) return <Waiting hit={hit} />
  const open = history?.data.filter(({ status }) => status === 'open' || status === 'pending')
  return (
    <>
      <Top hit={hit} title={customer.name ?? customer.email ?? preview.unnamed} />
      <Facts facts={[
        [preview.company, customer.company],
        [preview.plan, customer.plan && capital(customer.plan)],
        [preview.email, customer.email],
      ]} />
      <Part title={open?.length ? preview.openIssuesCount(open.length, typeof history?.next_cursor === 'string') : preview.openIssues}>
        {!open ? <Waits rows={3} className="p-0" /> : open.length ? <OpenIssues issues={open.slice(0, NAMED)} /> : <p className="text-fg-3">{preview.noOpenIssues}</p>}
      </Part>
    </>
  )
}

const OpenIssues = ({ issues }: { issues: readonly Issue[] }) => (
  <ul>
    {issues.map((issue) => (
      <li key={issue.id}>
        <Link to="/inbox/$view/$issueId" params={{ view: 'all', issueId: issue.id }} className="-mx-1.5 flex min-h-7 items-center gap-2 rounded-md px-1.5 hover:bg-hover">
          <Severity value={issue.severity} compact />
          <span dir="auto" className="min-w-0 truncate">{issue.subject || t.inbox.noSubject}</span>
          <time dateTime={issue.created_at} className="ml-auto shrink-0 text-2xs text-fg-3">{shortAge(issue.created_at)}</time>
        </Link>
      </li>
    ))}
  </ul>
)

const Waiting = ({ hit }: { hit: FoundOut }) => <><Top hit={hit} title={hit.title} /><Waits rows={6} className="p-0" /></>

const Part = ({ title, children }: { title: string; children: ReactNode }) => <section><h3 className="mb-1 text-xs font-medium text-fg-3">{title}</h3>{children}</section>

function Facts({ facts }: { facts: readonly (readonly [string, string | null | undefined])[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4">
      {facts.map(([label, value]) => value && (
        <div key={label} className="contents"><dt className="leading-6 text-fg-3">{label}</dt><dd dir="auto" className="leading-6 wrap-anywhere">{value}</dd></div>
      ))}
    </dl>
  )
}
