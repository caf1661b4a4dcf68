import { isStale } from '../../api/errors'
import { changedSince } from '../../api/queries/knowledge'
import { failed, toast } from '../../app/toasts'
import { words } from '../../strings/pages/knowledge'

/** Says why a change that made an article this `version` was not taken back: somebody changed it since, and that stands. */
export function notTakenBack(error: unknown, { id, version }: { id: string; version: number }): void {
  if (!isStale(error)) return failed(error)
  void changedSince(id, version).then((by) => toast({ title: words.changedSince(by) }), failed)
}
