import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useRouterState } from '@tanstack/react-router'
import { Bookmark, Settings2 } from 'lucide-react'
import { Suspense, useState } from 'react'
import { useMay } from '../../api/queries/me'
import { placeOf, viewsQuery } from '../../api/queries/views'
import type { SavedViewOut } from '../../api/schema'
import { useCommands, type Command } from '../../app/commands'
import { lazyPart } from '../../lib/lazyPart'
import { words } from '../../strings/pages/views'
import { IconButton, cx } from '../../ui'
import { TeamViews } from './TeamViews'
import { readSearch } from './views'

const ViewsDialog = lazyPart(() => import('./ViewsDialog'))
/** So many of them have keys: `g 1` and on. */
const WITH_KEYS = 9

/** Views that people saved, below those that everybody has. */
export default function SavedViews({ roomy, onGo }: { roomy?: boolean | undefined; onGo?: (() => void) | undefined }) {
  const { data: views = [] } = useQuery(viewsQuery)
  const edits = useMay('views.edit')
  const [managing, setManaging] = useState(false)
  const navigate = useNavigate()
  const here = useRouterState({ select: ({ location: { pathname, search } }) => `${pathname.split('/')[2] ?? ''} ${JSON.stringify(readSearch(search as Record<string, unknown>))}` })
  const go = (view: SavedViewOut) => {
    const place = placeOf(view)
    void navigate({ to: '/inbox/$view', params: { view: place.view }, search: place.search })
  }
  useCommands([
    ...views.map((view, index): Command => ({ id: `view.${view.id}`, label: words.go(view.name), group: 'navigate', ...(index < WITH_KEYS && { keys: [`g ${index + 1}`] }), run: () => go(view) })),
    ...(edits ? [{ id: 'views.manage', label: words.manage, group: 'app' as const, run: () => setManaging(true) }] : []),
  ])
  const hidden = roomy ? '' : 'max-lg:sr-only'
  return (
    <>
      <TeamViews here={here} roomy={roomy} onGo={onGo} />
      {views.length > 0 && (
        <section aria-label={words.title} className="flex flex-col gap-0.5">
          <div className="flex items-center justify-between pt-3 pb-0.5">
            <h2 className={`px-2 text-2xs font-medium text-fg-3 ${hidden}`}>{words.title}</h2>
            {edits && <IconButton label={words.manage} onClick={() => setManaging(true)} className={cx('!size-6', !roomy && 'max-lg:hidden')}><Settings2 size={13} aria-hidden /></IconButton>}
          </div>
          {views.map((view) => {
            const { view: name, search } = placeOf(view)
            const active = here === `${name} ${JSON.stringify(search)}`
            return (
              <Link
                key={view.id} to="/inbox/$view" params={{ view: name }} search={search} onClick={onGo} title={view.mine ? view.name : words.of(view.owner_name ?? '')}
                activeProps={{ 'aria-current': active ? 'page' : undefined }}
                className={cx('flex h-8 shrink-0 items-center gap-2 rounded-md px-2 pointer-coarse:h-11', active ? 'bg-selected font-medium text-fg' : 'text-fg-2 hover:bg-hover')}
              >
                <Bookmark size={15} aria-hidden className="shrink-0" />
                <span dir="auto" className={`truncate ${hidden}`}>{view.name}</span>
                {view.count > 0 && <span data-number className={cx('ml-auto text-2xs text-fg-3', !roomy && 'max-lg:hidden')}>{view.count}<span className="sr-only"> {words.issues(view.count).replace(/^\d+\s*/, '')}</span></span>}
              </Link>
            )
          })}
        </section>
      )}
      {managing && <Suspense><ViewsDialog onClose={() => setManaging(false)} /></Suspense>}
    </>
  )
}
