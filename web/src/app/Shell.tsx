import { useQuery } from '@tanstack/react-query'
import { Outlet, useRouterState, useNavigate } from '@tanstack/react-router'
import { Menu as MenuIcon, Search } from 'lucide-react'
import { Suspense, useEffect, useLayoutEffect, useState, useSyncExternalStore } from 'react'
import { meQuery } from '../api/queries/me'
import { hadSession, isSignedOut, onSession, whoAmI } from '../api/session'
import { atRest } from '../api/atRest'
import { changesWaiting, onChangesWaiting } from '../api/whenBack'
import { latePart, lazyPart, patiently } from '../lib/lazyPart'
import { failed, newestStep, onSteps } from './toasts'
import { LANGUAGES, language, t, type Language } from '../strings'
import { Banner, IconButton, Skeleton } from '../ui'
import { useCommands, type Command } from './commands'
import { ErrorView } from './ErrorPage'
import { fieldComes, overlayComes } from './earlyKeys'
import { listenForKeys } from './keys'
import { Nav, useOnline } from './Nav'
import { accountPage, usePages } from './pages'
import { getPrefs, setPrefs, shownTheme } from './prefs'

const CommandMenu = lazyPart(() => import('./CommandMenu'))
const Shortcuts = lazyPart(() => import('./Shortcuts'))
const TipHost = latePart(() => import('../ui/TipHost'))
const Toasts = latePart(() => import('./Toasts'))
const SignIn = lazyPart(() => import('./SignIn'))
const NewVersion = latePart(() => import('./NewVersion'))
const SecondFactorBanner = lazyPart(() => import('./SecondFactorBanner'))
const Dialog = lazyPart(() => import('../ui/Dialog'))
const drafts = () => import('../features/issue/sending')

/**
 * What is around every page: navigation, banners, the overlays that any page may call, and the keys. A page stands once
 * it is known who works here, so that it offers and asks for nothing that they may not.
 */
export function Shell() {
  const [open, setOpen] = useState<'menu' | 'help' | 'nav' | undefined>()
  const online = useOnline()
  const waiting = useSyncExternalStore(onChangesWaiting, changesWaiting)
  const { data: me, error, refetch } = useQuery(meQuery)
  const signedOut = useSyncExternalStore(onSession, isSignedOut)
  // Who never was in sees the sign-in page at once, and no page that has failed.
  const stranger = signedOut && !hadSession()
  useEffect(() => void whoAmI().catch(() => undefined), [])
  // What this device keeps of another person goes, also where no issue is opened.
  useEffect(() => void atRest.then(drafts).catch(() => undefined), [])
  // Not the router's own way of asking, with which all of this is drawn anew at every move through the list.
  const inIssue = useRouterState({ select: ({ location: { pathname } }) => /^\/inbox\/\w+\/\w/.test(pathname) })
  useLayoutEffect(listenForKeys, [])
  useEffect(() => (signedOut ? undefined : listenForEvents()), [signedOut])
  const [back, setBack] = useState<HTMLElement>()
  const show = (what: 'menu' | 'help') => {
    const field = document.activeElement
    // The caret goes back to where it was unless a command puts it elsewhere.
    setBack(field instanceof HTMLElement && field !== document.body ? field : undefined)
    if (what === 'menu' && field instanceof HTMLElement) field.blur()
    // Until it is there, what is typed is for it and runs no command.
    if (what === 'menu') fieldComes()
    else overlayComes()
    setOpen(what)
  }
  useShellCommands(show)
  const close = () => {
    setOpen(undefined)
    setTimeout(() => { if (document.activeElement === document.body && back?.isConnected) back.focus() }, 50)
  }
  return (
    <div className="grid h-full grid-rows-[auto_minmax(0,1fr)] pb-[env(safe-area-inset-bottom)]">
      <div>
        <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-md focus:bg-raised focus:p-2">{t.app.skipToContent}</a>
        {(!online || waiting > 0) && (signedOut && online
          ? <Banner tone="offline">{t.app.errorSignedOut} {t.app.changesWait(waiting)}</Banner>
          : <Banner tone="offline"><b>{online ? t.app.unreachableTitle : t.app.offlineTitle}</b> {t.app.offlineHint} {waiting > 0 && t.app.changesWait(waiting)}</Banner>)}
        <Suspense><NewVersion />{me?.account?.second_factor_needed && <SecondFactorBanner />}</Suspense>
        {!inIssue && (
          <header className="flex h-11 items-center gap-2 border-b border-line px-2 md:hidden">
            <IconButton label={t.app.menu} onClick={() => setOpen('nav')}><MenuIcon size={17} aria-hidden /></IconButton>
            <span className="flex-1 font-semibold">{t.app.product}</span>
            <IconButton label={t.app.search} onClick={() => show('menu')}><Search size={17} aria-hidden /></IconButton>
          </header>
        )}
      </div>
      <div className="grid min-h-0 grid-cols-1 md:grid-cols-[3.25rem_minmax(0,1fr)] lg:grid-cols-[13rem_minmax(0,1fr)]">
        <div className="min-h-0 border-r border-line max-md:hidden"><Nav /></div>
        <div id="content" tabIndex={-1} className="min-h-0 min-w-0 outline-none">{stranger ? <NotYet error={null} /> : me !== undefined ? <Outlet /> : <NotYet error={error} onRetry={() => void refetch()} />}</div>
      </div>
      <Suspense>
        {open === 'menu' && <CommandMenu onClose={close} />}
        {open === 'help' && <Shortcuts onClose={close} />}
        {open === 'nav' && <Dialog open onOpenChange={close} title={t.app.product} kind="side"><Nav roomy onGo={close} /></Dialog>}
        {signedOut && !stranger && <SignIn />}
        <TipHost />
        <Toasts />
      </Suspense>
      {stranger ? <ToSignIn /> : <UndoKey />}
    </div>
  )
}

const NotYet = ({ error, onRetry }: { error: Error | null; onRetry?: () => void }) => (error ? <ErrorView error={error} onRetry={onRetry} /> : <Skeleton rows={14} />)

/** `z` takes back what was done last. */
function UndoKey(): null {
  const step = useSyncExternalStore(onSteps, newestStep)
  useCommands(step ? [{ id: 'app.undo', label: t.app.undo, group: 'app', keys: ['z'], run: step }] : [])
  return null
}

/**
 * Leads to the sign-in page and from there back to this one. Once: the page is still drawn again after its address has
 * changed, and whoever signs in must not be led back to signing in.
 */
function ToSignIn(): null {
  const navigate = useNavigate()
  const [next] = useState(() => location.pathname + location.search)
  useEffect(() => void navigate({ to: '/sign-in', search: { next }, replace: true }), [navigate, next])
  return null
}

/** Begins to listen once the page stands; nothing of it is needed for the first paint. */
function listenForEvents(): () => void {
  let end: (() => void) | undefined
  let ended = false
  void atRest.then(() => patiently(() => import('../api/live'))).then(({ listen }) => { if (!ended) end = listen() })
  return () => {
    ended = true
    end?.()
  }
}

function useShellCommands(setOpen: (what: 'menu' | 'help') => void): void {
  const navigate = useNavigate()
  const go = [...usePages().flatMap((section) => section.items), accountPage()].map((page): Command => ({
    id: page.id, label: page.label, group: 'navigate', keys: [page.keys], run: () => void navigate(page.link as never),
  }))
  const languages = (Object.keys(LANGUAGES) as Language[]).filter((code) => code !== language)
  useCommands([
    ...go,
    { id: 'app.menu', label: t.app.commandMenu, group: 'app', keys: ['mod+k'], whileTyping: true, keysOnly: true, run: () => setOpen('menu') },
    { id: 'app.help', label: t.app.helpTitle, group: 'app', keys: ['?'], run: () => setOpen('help') },
    { id: 'app.theme', label: t.app.themeSwitch, group: 'app', run: () => setPrefs({ theme: shownTheme() === 'dark' ? 'light' : 'dark' }) },
    { id: 'app.theme.system', label: t.app.themeSystem, group: 'app', run: () => setPrefs({ theme: 'system' }) },
    { id: 'app.signOut', label: t.app.signOut, group: 'app', run: () => void import('./leave').then(({ leave }) => leave()).catch(failed) },
    { id: 'app.density', label: t.app.densitySwitch, group: 'app', run: () => setPrefs({ density: getPrefs().density === 'compact' ? 'comfortable' : 'compact' }) },
    ...languages.map((code): Command => ({
      id: `app.language.${code}`, label: t.app.languageIs(LANGUAGES[code]), group: 'app',
      run: () => { setPrefs({ language: code }); location.reload() },
    })),
  ])
}
