import type { MouseEvent } from 'react'
import type { OrderOut } from '../../api/schema'
import type { Issue } from '../../api/queries/issues'
import { shortAge } from '../../lib/time'
import { t } from '../../strings'
import { words } from '../../strings/pages/order'

type Part = OrderOut['parts'][number]['part']

/** The points of an issue in Copilot order; pointed at, tapped, or with the row focused, what each of them is for. */
export default function Place({ issue, order }: { issue: Issue; order: OrderOut }) {
  const parts = order.parts.map(({ part, points }) => `${points > 0 ? '+' : '\u2212'}${Math.abs(points)}\u2002${said(issue, part)}`)
  const why = [words.why(order.points), ...parts].join('\n')
  return (
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- only of fingers; by keys the row says it
    <span data-tip={why} data-tip-of-parent onClick={keepTap} className="ml-auto flex h-5 shrink-0 items-center rounded-sm text-2xs whitespace-nowrap text-fg-3 tabular-nums pointer-coarse:h-6 pointer-coarse:px-1 pointer-coarse:underline pointer-coarse:decoration-dotted pointer-coarse:underline-offset-2">
      <span aria-hidden>{words.points(order.points)}</span>
      <span hidden id={`why-${issue.id}`}>{parts.join('; ')}</span>
    </span>
  )
}

/** As long as no words can be shown yet, a finger that asks for them does not open the row; `watchTips` answers it. */
function keepTap(event: MouseEvent<HTMLElement>): void {
  if ((event.nativeEvent as PointerEvent).pointerType !== 'touch') return
  event.preventDefault()
  event.stopPropagation()
  event.currentTarget.dataset.tapped = ''
}

function said(issue: Issue, part: Part): string {
  const says: Record<Part, () => string> = {
    severity: () => (issue.severity ? words.severity(t.issue.severity[issue.severity]) : words.unrated),
    promise: () => promise(issue),
    waiting: () => words.waits(issue.waiting_since ? shortAge(issue.waiting_since) : ''),
    risk: () => words.risk(words.risks[issue.satisfaction_risk ?? 'low']),
    plan: () => words.plan(issue.customer?.plan ?? ''),
    turn: () => (issue.status === 'pending' ? words.theirTurn : words.over),
  }
  return says[part]()
}

function promise({ due }: Issue): string {
  const now = Date.now()
  const left = due ? Date.parse(due.at) - now : 0
  const time = shortAge(new Date(now - Math.abs(left)).toISOString(), now)
  return left < 0 ? words.broken(time) : words.due(time)
}
