import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Keyboard, Moon, Search, Sun } from 'lucide-react'
import { Suspense, useEffect, useSyncExternalStore } from 'react'
import { meQuery } from '../api/queries/me'
import { countsQuery, unreadQuery } from '../api/queries/issues'
import { latePart } from '../lib/lazyPart'
import type { ViewName } from '../features/inbox/views'
import { t } from '../strings'
import { Avatar, IconButton, Kbd } from '../ui'
import { runCommand } from './commands'
import { accountPage, usePages } from './pages'
import { shownTheme, usePrefs } from './prefs'
import { tellMentions } from './titleMarks'

const SavedViews = latePart(() => import('../features/inbox/SavedViews'))

/** The main navigation; icons alone between 768 and 1024 px. `roomy` shows the words at any width, for the drawer. */
export function Nav({ roomy, onGo }: { roomy?: boolean; onGo?: () => void }) {
  const { data: counts } = useQuery(countsQuery)
  const { data: unread } = useQuery(unreadQuery)
  const words = roomy ? '' : 'max-lg:sr-only'
  const mentions = counts?.mentions ?? 0
  useEffect(() => tellMentions(mentions), [mentions])
  return (
    <nav aria-label={t.app.mainNavigation} className="flex h-full flex-col gap-0.5 overflow-y-auto p-2">
      {/* The drawer has the name as its title. */}
      {!roomy && (
        <div className="flex h-9 shrink-0 items-center gap-2 px-1.5 font-semibold">
          <img src="/icon.svg" alt="" width={20} height={20} />
          <span className={words}>{t.app.product}</span>
        </div>
      )}
      <button
        type="button"
        onClick={() => runCommand('app.menu')}
        aria-keyshortcuts="Control+K Meta+K"
        className="mb-2 flex h-8 shrink-0 items-center gap-2 rounded-md border border-line bg-panel px-2 text-fg-3 hover:bg-hover pointer-coarse:h-11"
      >
        <Search size={14} aria-hidden className="shrink-0" />
        <span className={words}>{t.app.search}</span>
        <span aria-hidden className={`ml-auto shrink-0 ${roomy ? 'pointer-coarse:hidden' : 'max-lg:hidden'}`}><Kbd keys="mod+k" /></span>
      </button>
      {usePages().map((section, index) => (
        <div key={section.title ?? index} className="flex flex-col gap-0.5">
          {section.title && <h2 className={`px-2 pt-3 pb-1 text-2xs font-medium text-fg-3 ${words}`}>{section.title}</h2>}
          {section.items.map(({ id, label, icon: Icon, link, view }) => (
            <Link
              key={id}
              {...link}
              onClick={onGo}
              title={roomy ? undefined : label}
              activeOptions={{ includeSearch: false }}
              className="flex h-8 items-center gap-2 rounded-md px-2 text-fg-2 -outline-offset-2 hover:bg-hover pointer-coarse:h-11"
              activeProps={{ className: 'bg-selected !text-fg font-medium forced-colors:outline-2', 'aria-current': 'page' }}
            >
              <Icon size={15} aria-hidden className="shrink-0" />
              <span className={words}>{label}</span>
              {view && (
                <span className="ml-auto flex items-center gap-1.5">
                  {counts && <Count value={counts[view] ?? 0} tone={TONES[view]} words={words} />}
                  <Unread count={unread?.[view] ?? 0} />
                </span>
              )}
            </Link>
          ))}
          {index === 0 && <Suspense><SavedViews roomy={roomy} onGo={onGo} /></Suspense>}
        </div>
      ))}
      <Foot words={words} onGo={onGo} />
    </nav>
  )
}

const TONES: { [view in ViewName]?: string } = { critical: 'font-semibold text-critical', mentions: 'font-semibold text-accent-text' }

/** A dot where something is unread: among one's own, or marked. */
function Unread({ count }: { count: number }) {
  if (!count) return null
  return <span className="order-first flex items-center" title={t.inbox.unreadCount(count)}><span className="size-1.5 rounded-full bg-accent forced-colors:bg-[Highlight]" aria-hidden /><span className="sr-only">, {t.inbox.unreadCount(count)}</span></span>
}

function Count({ value, tone = 'text-fg-3', words }: { value: number; tone: string | undefined; words: string }) {
  if (!value) return null
  return (
    <span data-number className={`text-2xs ${tone} ${words && 'max-lg:hidden'}`}>
      {value}<span className="sr-only"> {t.inbox.of(value).replace(/^\d+\s*/, '')}</span>
    </span>
  )
}

function Foot({ words, onGo }: { words: string; onGo?: (() => void) | undefined }) {
  const { data: me } = useQuery(meQuery)
  const account = accountPage()
  usePrefs()
  const dark = shownTheme() === 'dark'
  return (
    <div className={`mt-auto flex items-center gap-1 pt-2 ${words && 'max-lg:flex-col'}`}>
      <Link
        {...account.link} onClick={onGo} title={[me?.name, account.label].filter(Boolean).join(' · ')}
        className={`flex min-h-8 min-w-0 items-center gap-2 rounded-md px-1.5 text-fg-2 hover:bg-hover pointer-coarse:min-h-11 ${words ? 'lg:flex-1' : 'flex-1'}`}
        activeProps={{ className: 'bg-selected !text-fg font-medium forced-colors:outline-2', 'aria-current': 'page' }}
      >
        <Avatar name={me?.name ?? ''} />
        <span className={`line-clamp-2 text-xs leading-4 break-words ${words}`}>{me?.name}<span className="sr-only"> {account.label}</span></span>
      </Link>
      <IconButton label={t.app.themeSwitch} onClick={() => runCommand('app.theme')}>{dark ? <Sun size={15} aria-hidden /> : <Moon size={15} aria-hidden />}</IconButton>
      <IconButton label={t.app.helpTitle} keys="?" onClick={() => runCommand('app.help')}><Keyboard size={15} aria-hidden /></IconButton>
    </div>
  )
}

/** Whether the browser believes to be connected. */
export function useOnline(): boolean {
  return useSyncExternalStore((listener) => {
    addEventListener('online', listener)
    addEventListener('offline', listener)
    return () => {
      removeEventListener('online', listener)
      removeEventListener('offline', listener)
    }
  }, () => navigator.onLine)
}
