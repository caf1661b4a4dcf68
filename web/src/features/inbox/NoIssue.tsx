import { useQuery } from '@tanstack/react-query'
import { MousePointerClick } from 'lucide-react'
import { countsQuery } from '../../api/queries/issues'
import { listing } from '../../strings/pages/listing'
import { Empty } from '../../ui'
import { isNone } from './isNone'

/** In the place of an issue while none is chosen. */
export function NoIssue() {
  const { data: counts } = useQuery(countsQuery)
  // Before the first issue there is nothing to pick; the list says how they come.
  if (counts && isNone(counts)) return null
  return <Empty icon={<MousePointerClick size={18} />} title={listing.pickTitle} hint={listing.pickHint} />
}
