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
  /** Told at once; where it did not happen, the message goes, with the way back that it offered. */
  const tell = (title: string, done: Promise<void>, undo: () => Promise<unknown>, back: () => void) => {
    const withdraw = toast({ title, undo: () => { back(); void done.then(undo).catch(failed) } })
    done.catch((error: unknown) => { withdraw(); back(); failed(error) })
  }
  return {
    merge(ids: readonly string[], into: Issue): void {
      const shown = latestIssueId()
      const done = merge(ids, into.id)
      const goes = shown !== undefined && ids.includes(shown)
      if (goes) show(into.id)
      const back = () => { if (goes && latestIssueId() === into.id) show(shown) }
      // The last one merged comes out first.
      tell(ids.length > 1 ? words.mergedMany(ids.length, into.key) : words.merged(into.key), done, () => takeOut(ids.toReversed(), into.id), back)
    },
    takeOut(issue: { id: string; key: string }, into: { id: string }): void {
      tell(words.takenOut(issue.key), takeOut([issue.id], into.id), () => merge([issue.id], into.id), () => undefined)
    },
  }
}
