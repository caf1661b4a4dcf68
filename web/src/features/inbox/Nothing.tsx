import { useNavigate } from '@tanstack/react-router'
import { Inbox, SearchX } from 'lucide-react'
import { countsQuery } from '../../api/queries/issues'
import { queryClient } from '../../api/queryClient'
import { listing } from '../../strings/pages/listing'
import { Button, Empty } from '../../ui'
import { hasFilters, type InboxSearch, type ViewName } from './views'

/** In the place of a list without issues: why, and what to do next. */
export default function Nothing({ view, search }: { view: ViewName; search: InboxSearch }) {
  const navigate = useNavigate()
  if (hasFilters(search)) {
    return (
      <Empty icon={<SearchX size={18} />} title={listing.emptyFilteredTitle} hint={listing.emptyFilteredHint}>
        <Button onClick={() => void navigate({ to: '/inbox/$view', params: { view }, search: {} })}>{listing.clearFilters}</Button>
      </Empty>
    )
  }
  const counts = queryClient.getQueryData(countsQuery.queryKey)?.views
  const fresh = counts && Object.values(counts).every((count) => count === 0)
  return <Empty icon={<Inbox size={18} />} title={fresh ? listing.firstRunTitle : listing.emptyTitle} hint={fresh ? listing.firstRunHint : listing.emptyHint} />
}
