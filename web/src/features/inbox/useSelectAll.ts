import { useInfiniteQuery } from '@tanstack/react-query'
import { issuesQuery } from '../../api/queries/issues'
import { failed, toast } from '../../app/toasts'
import { listing } from '../../strings/pages/listing'
import type { InboxSearch, ViewName } from './views'

/** Each is changed by a request of its own, and the server takes 600 in a minute. */
const MOST = 500

/** Selects every issue of the list, also those that were not scrolled to yet. */
export function useSelectAll(view: ViewName, search: InboxSearch, onSelect: (ids: ReadonlySet<string>) => void) {
  const list = useInfiniteQuery(issuesQuery(view, search))
  const ids = (pages = list.data?.pages ?? []) => pages.flatMap((page) => page.data.map((issue) => issue.id))
  const selectAll = async () => {
    let [known, more] = [ids(), list.hasNextPage]
    while (more && known.length < MOST) {
      const { data, error, hasNextPage } = await list.fetchNextPage()
      if (error) return failed(error)
      ;[known, more] = [ids(data?.pages), hasNextPage]
    }
    onSelect(new Set(known.slice(0, MOST)))
    if (more || known.length > MOST) toast({ title: listing.selectedMost(MOST) })
  }
  return { selectAll, count: ids().length, more: list.hasNextPage }
}
