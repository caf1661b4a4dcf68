import { useNavigate } from '@tanstack/react-router'
import { sentence } from '../../api/errors'
import type { Issue } from '../../api/queries/issues'
import { useMerging, type Outcome } from '../../api/queries/merge'
import { failed, toast } from '../../app/toasts'
import { inboxRoute, latestIssueId } from '../../routes'
import { listing } from '../../strings/pages/listing'
import { merge as words } from '../../strings/pages/merge'
import { focusConversation } from '../issue/jump'
import { getDraft } from '../issue/useDraftText'

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
  /** Told at once; where it did not happen, or not with all, the message goes and another one says so. */
  const tell = ({ title, description, done, undo, back, some }: Telling) => {
    let undone = false
    const takeBack = () => { undone = true; back(); void done.then(({ made }) => undo(made.toReversed())).then(tellRefusals, failed) }
    const withdraw = toast({ title, ...(description && { description }), undo: takeBack })
    void done.then((outcome) => {
      if (!outcome.refusals.length || undone) return
      withdraw()
      if (outcome.made.length) toast({ title: some(outcome.made.length), undo: takeBack })
      else back()
      tellRefusals(outcome)
    })
  }
  return {
    merge(ids: readonly string[], into: Issue, onMerged?: () => void): void {
      const shown = latestIssueId()
      const goes = shown !== undefined && ids.includes(shown)
      const begun = ids.some((id) => { const { reply, note } = getDraft(id); return `${reply}${note}`.trim() !== '' })
      const done = merge(ids, into.id)
      void done.then(({ refusals }) => { if (!refusals.length) onMerged?.() })
      if (goes) show(into.id)
      tell({
        title: ids.length > 1 ? words.mergedMany(ids.length, into.key) : words.merged(into.key), done,
        description: begun ? words.draftStays : undefined,
        // The last one merged comes out first.
        undo: (made) => takeOut(made, into.id),
        back: () => { if (goes && latestIssueId() === into.id) show(shown) },
        some: (made) => words.someMerged(made, ids.length, into.key),
      })
    },
    takeOut(issue: { id: string; key: string }, into: { id: string }): void {
      const title = words.takenOut(issue.key)
      tell({ title, done: takeOut([issue.id], into.id), undo: (made) => merge(made, into.id), back: () => undefined, some: () => title })
    },
  }
}

type Telling = {
  title: string
  description?: string | undefined
  done: Promise<Outcome>
  undo: (made: readonly string[]) => Promise<Outcome>
  back: () => void
  some: (made: number) => string
}

/** One message for all that was refused. */
function tellRefusals(outcome: Outcome): void {
  const [first, ...others] = outcome.refusals
  if (first === undefined) return
  if (!others.length && !outcome.made.length) failed(first)
  else toast({ title: listing.someFailed(outcome.refusals.length, outcome.refusals.length + outcome.made.length), description: sentence(first), tone: 'error' })
}
