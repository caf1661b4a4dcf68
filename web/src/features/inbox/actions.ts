import { useQueryClient } from '@tanstack/react-query'
import { sentence } from '../../api/errors'
import { issueKeys, listedIssue, type Issue, type Patch } from '../../api/queries/issues'
import { usePatchIssue } from '../../api/queries/patchIssue'
import { nameOf } from '../../api/queries/people'
import { isUnread, markOf, setUnread } from '../../api/reading'
import { failed, toast } from '../../app/toasts'
import { weekdayTime } from '../../lib/moments'
import { t } from '../../strings'
import { listing } from '../../strings/pages/listing'
import { thread } from '../../strings/pages/thread'
import type { SeverityValue } from '../../ui/Severity'

/** One message for all that failed, however many they are. */
function tellFailures(results: readonly PromiseSettledResult<unknown>[]): void {
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  if (results.length === 1) reasons.forEach(failed)
  else if (reasons.length) toast({ title: listing.someFailed(reasons.length, results.length), description: sentence(reasons[0]), tone: 'error' })
}

/** What may be done with one issue or with many at once: shown at once, undone from the message, told when it fails. */
export function useIssueActions() {
  const client = useQueryClient()
  const { mutateAsync } = usePatchIssue()

  const known = (id: string): Issue | undefined => client.getQueryData<Issue>(issueKeys.one(id)) ?? listedIssue(client, id)

  /** Makes the same change to each issue; `undoable` puts back what each had before. */
  async function change(ids: readonly string[], patch: Patch | ((issue: Issue) => Patch), said: string, undoable = true): Promise<void> {
    const before = new Map(ids.map((id) => [id, known(id)]))
    const changes = new Map([...before].map(([id, issue]) => [id, typeof patch === 'object' ? patch : issue && patch(issue)]))
    const undo = () => {
      for (const [id, issue] of before) {
        const fields = Object.keys(changes.get(id) ?? {}) as (keyof Patch)[]
        if (issue) mutateAsync({ id, patch: Object.fromEntries(fields.map((field) => [field, issue[field]])) }).catch(failed)
      }
    }
    const all = Promise.allSettled([...changes].map(([id, one]) => one && mutateAsync({ id, patch: one })))
    toast({ title: ids.length > 1 ? listing.changed(ids.length, said) : said, ...(undoable && { undo }) })
    tellFailures(await all)
  }

  /** Marks issues as unread, to come back to them, or as read. */
  function read(ids: readonly string[], unread: boolean): void {
    const before = new Map(ids.map((id) => [id, { unread: markOf(id)?.unread ?? false }]))
    const seen = (id: string) => (unread ? undefined : known(id)?.message_count)
    const change = new Map(ids.map((id) => [id, { unread, ...(seen(id) !== undefined && { seen: seen(id) as number }) }]))
    const said = unread ? thread.unreadToast : thread.readToast
    toast({ title: ids.length > 1 ? listing.changed(ids.length, said) : said, undo: () => void setUnread(before).catch(failed) })
    setUnread(change).catch(failed)
  }

  return {
    change,
    read,
    /** Whether all of them are unread: then the same key marks them as read. */
    areUnread: (ids: readonly string[]) => ids.every((id) => { const issue = known(id); return issue && isUnread(issue) }),
    setSeverity: (ids: readonly string[], severity: SeverityValue) => change(ids, { severity }, thread.severityToast(t.issue.severity[severity])),
    assign: (ids: readonly string[], assignee: string | null) => change(ids, { assignee }, assignee ? thread.assignedToast(nameOf(client, assignee)) : thread.unassignedToast),
    snooze: (ids: readonly string[], until: Date) => change(ids, { snoozed_until: until.toISOString() }, thread.snoozedToast(weekdayTime(until))),
    wake: (ids: readonly string[]) => change(ids, { snoozed_until: null }, thread.unsnooze),
    setStatus: (ids: readonly string[], status: Issue['status']) => change(ids, { status }, t.issue.status[status]),
    tag: (ids: readonly string[], tag: string, on: boolean) =>
      change(ids, ({ tags }) => ({ tags: on ? [...new Set([...tags, tag])] : tags.filter((one) => one !== tag) }), on ? thread.tagged(tag) : thread.untagged(tag)),
    rename: (id: string, subject: string) => change([id], { subject }, thread.editSubject),
  }
}
