import type { DeliveryOut, WebhookOut } from '../../api/schema'
import { words } from '../../strings/pages/webhooks'
import { Badge } from '../../ui'

const TONES = { on: 'ok', off: 'low', failing: 'medium', paused: 'critical' } as const

export function WebhookState({ hook: { state, unsent } }: { hook: WebhookOut }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <Badge tone={TONES[state]}>{words.states[state]}</Badge>
      {unsent > 0 && <Badge tone="medium">{words.unsent(unsent)}</Badge>}
    </span>
  )
}

export const eventName = (event: string): string => words.eventNames[event] ?? event

/** Why the newest try failed, or why there was none; none while all is well. */
export function problemOf({ error, problem, status_code: status }: Pick<DeliveryOut, 'error' | 'problem' | 'status_code'>): string | undefined {
  if (!error) return undefined
  return error === 'status' && status !== null ? words.statusProblem(status) : (words.problems[error] ?? problem ?? error)
}
