import { useQueryClient } from '@tanstack/react-query'
import { issueKeys, listedIssue, type Issue, type Patch } from '../../api/queries/issues'
import { usePatchIssue } from '../../api/queries/patchIssue'
import { nameOf } from '../../api/queries/people'
import { failed, toast } from '../../app/toasts'
import { weekdayTime } from '../../lib/moments'
import { t } from '../../strings'
import { listing } from '../../strings/pages/listing'
import { thread } from '../../strings/pages/thread'
import type { SeverityValue } from '../../ui/Severity'

/** What may be done with one issue or with many at once: shown at once, undone from the message, told when it fails. */
export function useIssueActions() {
  const client = useQueryClient()
  const { mutateAsync } = usePatchIssue()

  const known = (id: string): Issue | undefined => client.getQueryData<Issue>(issueKeys.one(id)) ?? listedIssue(client, id)

  /** Makes the same change to each issue; `undoable` puts back what each had before. */
  async function change(ids: readonly string[], patch: Patch, said: string, undoable = true): Promise<void> {
    const fields = Object.keys(patch) as (keyof Patch)[]
    const before = new Map(ids.map((id) => [id, known(id)]))
    const undo = () => {
      for (const [id, issue] of before) {
        if (issue) mutateAsync({ id, patch: Object.fromEntries(fields.map((field) => [field, issue[field]])) }).catch(failed)
      }
    }
    const all = Promise.all(ids.map((id) => mutateAsync({ id, patch })))
    toast({ title: ids.length > 1 ? listing.changed(ids.length, said) : said, ...(undoable && { undo }) })
    await all.catch(failed)
  }

  return {
    change,
    setSeverity: (ids: readonly string[], severity: SeverityValue) => change(ids, { severity }, thread.severityToast(t.issue.severity[severity])),
    assign: (ids: readonly string[], assignee: string | null) => change(ids, { assignee }, assignee ? thread.assignedToast(nameOf(client, assignee)) : thread.unassignedToast),
    snooze: (ids: readonly string[], until: Date) => change(ids, { snoozed_until: until.toISOString() }, thread.snoozedToast(weekdayTime(until))),
    wake: (ids: readonly string[]) => change(ids, { snoozed_until: null }, thread.unsnooze),
    setStatus: (ids: readonly string[], status: Issue['status']) => change(ids, { status }, t.issue.status[status]),
    rename: (id: string, subject: string) => change([id], { subject }, thread.editSubject),
  }
}
