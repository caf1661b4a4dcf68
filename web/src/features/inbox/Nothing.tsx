import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { AtSign, Inbox, SearchX } from 'lucide-react'
import { countsQuery } from '../../api/queries/issues'
import { sampleQuery } from '../../api/queries/sampleData'
import { listing } from '../../strings/pages/listing'
import { Button, Empty } from '../../ui'
import { FirstRun } from './FirstRun'
import { isNone } from './isNone'
import { hasFilters, type InboxSearch, type ViewName } from './views'

/** In the place of a list without issues: why, and what to do next. */
export default function Nothing({ view, search }: { view: ViewName; search: InboxSearch }) {
  const navigate = useNavigate()
  const { data: counts } = useQuery(countsQuery)
  const loading = useQuery({ ...sampleQuery, enabled: false }).data?.state === 'loading'
  if (hasFilters(search) && !loading) {
    return (
      <Empty icon={<SearchX size={18} />} title={listing.emptyFilteredTitle} hint={listing.emptyFilteredHint}>
        <Button onClick={() => void navigate({ to: '/inbox/$view', params: { view }, search: {} })}>{listing.clearFilters}</Button>
      </Empty>
    )
  }
  if (loading || (counts && isNone(counts))) return <FirstRun />
  if (view === 'mentions') return <Empty icon={<AtSign size={18} />} title={listing.noMentionsTitle} hint={listing.noMentionsHint} />
  return <Empty icon={<Inbox size={18} />} title={listing.emptyTitle} hint={listing.emptyHint} />
}
