import { useNavigate } from '@tanstack/react-router'
import type { Issue } from '../../api/queries/issues'
import { useMerging } from '../../api/queries/merge'
import { failed, toast } from '../../app/toasts'
import { inboxRoute, latestIssueId } from '../../routes'
import { merge as words } from '../../strings/pages/merge'
import { focusConversation } from '../issue/jump'

/** Merging as people do it: told at once, taken back by `z`, and whoever looked at a duplicate sees the issue that goes on. */
export function useMerge() {
  const { merge, takeOut } = useMerging()
  const { view } = inboxRoute.useParams()
  const search = inboxRoute.useSearch()
  const navigate = useNavigate()
  const show = (issueId: string) => {
    focusConversation(issueId)
    void navigate({ to: '/inbox/$view/$issueId', params: { view, issueId }, search })
  }
  return {
    merge(ids: readonly string[], into: Issue): void {
      const shown = latestIssueId()
      const done = merge(ids, into.id)
      if (shown && ids.includes(shown)) show(into.id)
      const undo = () => {
        if (shown && ids.includes(shown) && latestIssueId() === into.id) show(shown)
        // Not before it is done; the last one merged comes out first.
        done.catch(() => undefined).then(() => takeOut(ids.toReversed())).catch(failed)
      }
      toast({ title: ids.length > 1 ? words.mergedMany(ids.length, into.key) : words.merged(into.key), undo })
      done.catch(failed)
    },
    takeOut(issue: { id: string; key: string }, into: { id: string }): void {
      const done = takeOut([issue.id])
      toast({ title: words.takenOut(issue.key), undo: () => void done.catch(() => undefined).then(() => merge([issue.id], into.id)).catch(failed) })
      done.catch(failed)
    },
  }
}
