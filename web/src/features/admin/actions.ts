import type { AuditEventOut } from '../../api/schema'
import { words } from '../../strings/pages/audit'

/** What was done, in words; the code where there are none. */
export function actionName(code: string): string {
  const at = code.lastIndexOf('.')
  const [kind, event] = [words.kinds[code.slice(0, at)], words.events[code.slice(at + 1)]]
  return words.actions[code] ?? (kind && event ? `${kind} ${event}` : code)
}

/** Who did it: a person by name, the machine itself in words, else the id. */
export const actorName = ({ actor, actor_kind: kind }: AuditEventOut, names: ReadonlyMap<string, string>): string =>
  actor === null ? words.system : (names.get(actor) ?? (kind === 'local' || kind === 'job' ? words.actorKinds[kind] : undefined) ?? actor)
