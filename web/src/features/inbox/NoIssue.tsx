import { MousePointerClick } from 'lucide-react'
import { listing } from '../../strings/pages/listing'
import { Empty } from '../../ui'

/** In the place of an issue while none is chosen. */
export function NoIssue() {
  return <Empty icon={<MousePointerClick size={18} />} title={listing.pickTitle} hint={listing.pickHint} />
}
