import { useQuery } from '@tanstack/react-query'
import { suggestionQuery } from '../../api/queries/assist'
import { words } from '../../strings/pages/assist'

/** Says so when something was written since a draft. */
export default function DraftStale({ issueId, id }: { issueId: string; id: string }) {
  const { data } = useQuery(suggestionQuery(issueId, id))
  return data?.stale ? <p role="status" className="mt-1.5 text-xs text-high">{words.draftStale}</p> : null
}
