import { keepPreviousData, queryOptions, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { MergeOut } from '../schema'
import { whenBack } from '../whenBack'
import { attachmentsQuery, issueKeys, refreshLists } from './issues'
import { queuedQuery } from './messages'
import { panelQuery } from './panel'
import { patchCached } from './patchIssue'

/** What an issue may be merged into, likely duplicates first. */
export const mergeTargetsQuery = (id: string, words: string) =>
  queryOptions({
    queryKey: ['merge-targets', id, words],
    queryFn: ({ signal }) => ok(api.GET('/v1/issues/{issue_id}/merge-targets', { params: { path: { issue_id: id }, query: { q: words } }, signal })),
    select: (page) => page.data,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })

/** Both issues of a merge are shown as they are now, with what is said in them. */
function tell(client: QueryClient, { issue, into }: MergeOut): void {
  for (const each of [issue, into]) {
    if (!each) continue
    client.setQueryData(issueKeys.one(each.id), each)
    patchCached(client, each.id, () => each)
    for (const queryKey of [issueKeys.messages(each.id), attachmentsQuery(each.id).queryKey, queuedQuery(each.id).queryKey, panelQuery(each.id).queryKey]) void client.invalidateQueries({ queryKey })
  }
  void client.invalidateQueries({ queryKey: ['incidents'] })
  refreshLists(client)
}

/** With which issues it was done, and why not with the others. */
export type Outcome = { made: string[]; refusals: unknown[] }

/** Merges issues one after the other, and takes them out again; both may be done twice. */
export function useMerging() {
  const client = useQueryClient()
  async function each(ids: readonly string[], change: (id: string) => Promise<MergeOut>): Promise<Outcome> {
    const outcome: Outcome = { made: [], refusals: [] }
    for (const id of ids) {
      try {
        tell(client, await whenBack(() => change(id)))
        outcome.made.push(id)
      } catch (error) {
        outcome.refusals.push(error)
      }
    }
    return outcome
  }
  return {
    merge: (ids: readonly string[], into: string) =>
      each(ids, (id) => ok(api.POST('/v1/issues/{issue_id}/merge', { params: { path: { issue_id: id } }, body: { into } }))),
    takeOut: (ids: readonly string[], outOf: string) =>
      each(ids, (id) => ok(api.POST('/v1/issues/{issue_id}/unmerge', { params: { path: { issue_id: id } }, body: { out_of: outOf } }))),
  }
}
