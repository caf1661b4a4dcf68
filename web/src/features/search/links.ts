import { linkOptions } from '@tanstack/react-router'
import type { FoundOut } from '../../api/schema'

/** Where something that was found is shown. */
export function linkOf(hit: FoundOut) {
  switch (hit.kind) {
    case 'customer':
      return linkOptions({ to: '/customers/$customerId', params: { customerId: hit.id } })
    case 'article':
      return linkOptions({ to: '/knowledge/articles/$articleId', params: { articleId: hit.id } })
    default:
      return linkOptions({ to: '/inbox/$view/$issueId', params: { view: 'all', issueId: hit.id } })
  }
}
