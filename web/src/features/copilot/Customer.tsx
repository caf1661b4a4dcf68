import { Link } from '@tanstack/react-router'
import type { CustomerPart, Panel } from '../../api/schema'
import { topicName } from '../../lib/names'
import { saidAll } from '../../lib/reasons'
import { shortAge } from '../../lib/time'
import { locale } from '../../strings'
import { t } from '../../strings/work'
import { Badge } from '../../ui'
import { money } from '../customers/money'
import { Card } from './Card'

/** Who writes: plan, value, how it went before. */
export function CustomerCard({ panel: { customer }, name }: { panel: Panel; name: string | null | undefined }) {
  const risk = customer.risk
  const repeat = customer.repeat_contact
  const aside = risk && risk.level !== 'low' && <Badge tone={risk.level === 'high' ? 'critical' : 'medium'}>{t.copilot.customerRisk}: {t.copilot.riskLevel[risk.level]}</Badge>
  return (
    <Card title={t.copilot.customer} part={customer} aside={aside}>
      {customer.customer_id && name && <Link to="/customers/$customerId" params={{ customerId: customer.customer_id }} dir="auto" className="mb-1 flex min-h-6 items-center truncate font-medium hover:underline">{name}</Link>}
      {customer.customer_id ? <Facts customer={customer} /> : <p className="text-xs text-fg-3">{t.copilot.customerNone}</p>}
      {repeat && <p className="mt-1.5 text-xs text-high">{t.copilot.repeat(repeat.count, topicName(repeat.topic).toLowerCase(), repeat.window_days)}</p>}
      {saidAll(risk?.reasons, risk?.reasons_code).map((reason) => <p key={reason} className="mt-1 text-xs text-fg-2 first-letter:uppercase">{reason}</p>)}
      {customer.notes && <p dir="auto" className="mt-1.5 rounded-md bg-note px-2 py-1 text-xs">{customer.notes}</p>}
      <Recent issues={customer.recent_issues ?? []} />
    </Card>
  )
}

function Facts({ customer }: { customer: CustomerPart }) {
  const facts: [string, string | number | null | undefined][] = [
    [t.copilot.plan, customer.plan],
    [t.copilot.value, customer.value && money(customer.value)],
    [t.copilot.openIssues, customer.issues_open],
    [t.copilot.allIssues, customer.issues_total],
    [t.copilot.satisfaction, customer.satisfaction && `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(customer.satisfaction)} / 5`],
  ]
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-0.5 text-xs">
      {facts.map(([label, value]) => value !== null && value !== undefined && (
        <div key={label} className="flex justify-between gap-2"><dt className="text-fg-3">{label}</dt><dd data-number className="truncate first-letter:uppercase">{value}</dd></div>
      ))}
    </dl>
  )
}

function Recent({ issues }: { issues: NonNullable<CustomerPart['recent_issues']> }) {
  if (!issues.length) return null
  return (
    <>
      <h4 className="mt-2 text-2xs font-medium text-fg-3">{t.copilot.recent}</h4>
      <ul>
        {issues.slice(0, 3).map((issue) => (
          <li key={issue.issue_id}>
            <Link to="/inbox/$view/$issueId" params={{ view: 'all', issueId: issue.issue_id }} className="-mx-1.5 flex min-h-6 items-center gap-2 rounded-md px-1.5 text-xs hover:bg-hover">
              <span dir="auto" className="truncate">{issue.subject}</span>
              <time dateTime={issue.created_at} className="ml-auto shrink-0 text-2xs text-fg-3">{shortAge(issue.created_at)}</time>
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}
