import type { AuditEventOut } from '../../api/schema'
import { words } from '../../strings/pages/audit'

/** The id of a record, as opposed to the word for a kind of them. */
export const ID = /^[a-z]{3}_[0-9a-z]{26}$/

/** What was done, in words; the code where there are none. */
export function actionName(code: string): string {
  const at = code.lastIndexOf('.')
  const [kind, event] = [words.kinds[code.slice(0, at)], words.events[code.slice(at + 1)]]
  return words.actions[code] ?? (kind && event ? `${kind} ${event}` : code)
}

/** Who did it: a person or a key by name, the machine itself in words, else the id. */
export const actorName = ({ actor, actor_kind: kind, records }: AuditEventOut): string =>
  actor === null ? words.system : (records[actor]?.name ?? (kind === 'local' || kind === 'job' ? words.actorKinds[kind] : undefined) ?? actor)
