import { Outlet } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { Suspense, useEffect, useState } from 'react'
import { atRest } from '../../api/atRest'
import { unreadQuery } from '../../api/queries/issues'
import { useCommands } from '../../app/commands'
import { waitForPage } from '../../app/earlyKeys'
import { lazyPart } from '../../lib/lazyPart'
import { inboxRoute, issueRoute } from '../../routes'
import { t } from '../../strings'
import { cx } from '../../ui'
import { Filters } from './Filters'
import { IssueList } from './IssueList'

const bulkBar = () => import('./BulkBar')
const BulkBar = lazyPart(bulkBar)
/** Keys of what is done with a selection. */
const BULK_KEYS = ['a', 'm', 's', 'l', 'h', 'u', 'e']

/** The list of a view beside the issue that is open. */
export function InboxPage() {
  const { view } = inboxRoute.useParams()
  const search = inboxRoute.useSearch()
  const openId = useOpenIssue()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const { data: unread } = useQuery(unreadQuery)
  useEffect(() => void atRest.then(bulkBar).catch(() => undefined), [])
  const place = `${view}?${JSON.stringify(search)}`
  const [selectedIn, setSelectedIn] = useState(place)
  if (selectedIn !== place) {
    // A selection is of one list; another list starts without one.
    setSelectedIn(place)
    setSelected(new Set())
  }
  useEffect(() => {
    document.title = `${unread?.[view] ? `(${unread[view]}) ` : ''}${t.inbox.views[view]} · ${t.app.product}`
  }, [unread, view])
  return (
    <main className="grid h-full min-h-0 grid-cols-1 md:grid-cols-[18.75rem_minmax(0,1fr)] xl:grid-cols-[20rem_minmax(0,1fr)]">
      <section aria-label={t.inbox.list} className={cx('flex min-h-0 flex-col border-r border-line', openId && 'max-md:hidden')}>
        <Filters view={view} search={search} isPage={!openId} />
        <div className="relative min-h-0 flex-1">
          <IssueList view={view} search={search} openId={openId} selected={selected} onSelect={setSelected} />
        </div>
        {selected.size > 0 && <Suspense fallback={<BulkKeys />}><BulkBar ids={[...selected]} view={view} search={search} onSelect={setSelected} /></Suspense>}
      </section>
      <div className={cx('min-h-0 min-w-0 bg-panel', !openId && 'max-md:hidden')}><Outlet /></div>
    </main>
  )
}

/** Until the bar of the selection is here its keys wait for it: they are not for the issue that happens to be open. */
function BulkKeys(): null {
  useCommands(BULK_KEYS.map((key) => ({ id: `list.wait.${key}`, label: '', group: 'list' as const, keys: [key], keysOnly: true, first: true, run: () => waitForPage([key]) })))
  return null
}

function useOpenIssue(): string | undefined {
  const params = issueRoute.useParams({ shouldThrow: false } as never) as { issueId?: string } | undefined
  return params?.issueId
}
