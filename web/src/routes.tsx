import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { queryClient } from './api/queryClient'
import type { AuditSearch } from './api/queries/audit'
import type { CustomersSearch } from './api/queries/customers'
import type { ReportSearch } from './api/queries/reports'
import { panelQuery } from './api/queries/panel'
import { issueQuery, issuesQuery, messagesQuery } from './api/queries/issues'
import { ErrorPage } from './app/ErrorPage'
import { Shell } from './app/Shell'
import { InboxPage } from './features/inbox/InboxPage'
import { loadPage } from './lib/lazyPart'
import { CHOICES, isView, readSearch, type ViewName } from './features/inbox/views'

/*
 * All addresses of the console. A page is a component under features/, loaded when it is first opened:
 *   const knowledge = createRoute({ getParentRoute: () => shell, path: '/knowledge',
 *     component: lazyPage(() => import('./features/knowledge/KnowledgePage'), 'KnowledgePage') })
 * Add it to `routeTree` below, and to app/pages.ts for the navigation, its keys and its command.
 */
const lazyPage: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(() => loadPage(load), name)
const root = createRootRoute({ errorComponent: ErrorPage })
/** Every page for people who have signed in is a child of this one, and so has the navigation around it. */
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => { throw redirect({ to: '/inbox/$view', params: { view: 'all' }, replace: true }) },
})

export const inboxRoute = createRoute({
  getParentRoute: () => shell,
  path: '/inbox/$view',
  params: {
    parse: ({ view }: { view: string }): { view: ViewName } => {
      if (!isView(view)) throw redirect({ to: '/inbox/$view', params: { view: 'all' }, replace: true })
      return { view }
    },
    stringify: ({ view }: { view: ViewName }) => ({ view }),
  },
  validateSearch: readSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps }) => { void queryClient.prefetchInfiniteQuery(issuesQuery(params.view, deps)) },
  component: InboxPage,
})

/** Fetched after the list, and before the first issue of it is opened. */
export const issuePage = () => import('./features/issue/IssuePage')

const noIssue = createRoute({ getParentRoute: () => inboxRoute, path: '/', component: lazyPage(() => import('./features/inbox/NoIssue'), 'NoIssue') })

export const issueRoute = createRoute({
  getParentRoute: () => inboxRoute,
  path: '$issueId',
  loader: ({ params }) => prefetchIssue(params.issueId),
  component: lazyPage(issuePage, 'IssuePage'),
})

/** The issue that the address names, also while the page of the one before is still shown. */
export const latestIssueId = (): string | undefined => /^\/inbox\/\w+\/(\w+)/.exec(router.latestLocation.pathname)?.[1]

/** Reads what an issue's page shows; called for the issue that is opened and for its neighbours. */
export function prefetchIssue(id: string): void {
  void queryClient.prefetchQuery(issueQuery(id))
  void queryClient.prefetchQuery(messagesQuery(id))
  void queryClient.prefetchQuery(panelQuery(id))
}

const wordsIn = (q: unknown) => (q ? String(q).slice(0, 1000) : undefined)
const doors = () => import('./features/account/DoorPage')
const own = (path: unknown): string | undefined => (typeof path === 'string' && /^\/(?![/\\]|sign-in\b)/.test(path) ? path : undefined)
export const signInRoute = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // Only pages of this console: a link must not send people elsewhere after they signed in, nor here again.
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined; problem?: string | undefined } => ({
    next: own(search.next), problem: wordsIn(search.problem),
  }),
  component: lazyPage(doors, 'SignInPage'),
})
const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: lazyPage(doors, 'SetupPage') })
const reset = createRoute({ getParentRoute: () => root, path: '/reset-password', component: lazyPage(doors, 'ResetPage') })

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: lazyPage(() => import('./features/account/AccountPage'), 'AccountPage'),
})

const board = createRoute({ getParentRoute: () => shell, path: '/critical', component: lazyPage(() => import('./features/board/BoardPage'), 'BoardPage') })

const KINDS = ['issue', 'customer', 'article'] as const
/** `hit`: the id of what was found and is in hand, so that whoever comes back finds it again. */
export type SearchFor = { q?: string | undefined; kind?: (typeof KINDS)[number] | undefined; status?: (typeof CHOICES.status)[number] | undefined; severity?: (typeof CHOICES.severity)[number] | undefined; hit?: string | undefined }
export const searchRoute = createRoute({
  getParentRoute: () => shell,
  path: '/search',
  validateSearch: ({ q, kind, status, severity, hit }: Record<string, unknown>): SearchFor => ({
    q: wordsIn(q),
    kind: KINDS.find((one) => one === kind),
    status: CHOICES.status.find((one) => one === status),
    severity: CHOICES.severity.find((one) => one === severity),
    hit: wordsIn(hit),
  }),
  component: lazyPage(() => import('./features/search/SearchPage'), 'SearchPage'),
})

export const customersRoute = createRoute({
  getParentRoute: () => shell,
  path: '/customers',
  // Words of digits alone come as a number: the page reads them as words.
  validateSearch: (search: CustomersSearch) => search,
  component: lazyPage(() => import('./features/customers/CustomersPage'), 'CustomersPage'),
})
export const customerRoute = createRoute({ getParentRoute: () => shell, path: '/customers/$customerId', validateSearch: readSearch, component: lazyPage(() => import('./features/customers/CustomerPage'), 'CustomerPage') })

/** Which text of an article is shown, and with which it is compared; undefined: the one of now, the one before. Numbers that name none are read as undefined. */
type VersionSearch = { text?: number | undefined; from?: number | undefined }
const knowledge = createRoute({ getParentRoute: () => shell, path: '/knowledge', component: lazyPage(() => import('./features/knowledge/KnowledgePage'), 'KnowledgePage') })
const articles = createRoute({ getParentRoute: () => knowledge, path: '/', component: lazyPage(() => import('./features/knowledge/ArticlesPart'), 'ArticlesPart') })
const review = createRoute({ getParentRoute: () => knowledge, path: 'review', component: lazyPage(() => import('./features/knowledge/ReviewPart'), 'ReviewPart') })
const decided = createRoute({ getParentRoute: () => knowledge, path: 'decided', component: lazyPage(() => import('./features/knowledge/DecidedPart'), 'DecidedPart') })
const gaps = createRoute({ getParentRoute: () => knowledge, path: 'gaps', component: lazyPage(() => import('./features/knowledge/GapsPart'), 'GapsPart') })
export const articleRoute = createRoute({ getParentRoute: () => shell, path: '/knowledge/articles/$articleId', component: lazyPage(() => import('./features/knowledge/ArticlePage'), 'ArticlePage') })
export const versionsRoute = createRoute({
  getParentRoute: () => shell,
  path: '/knowledge/articles/$articleId/versions',
  validateSearch: (search: VersionSearch) => search,
  component: lazyPage(() => import('./features/knowledge/VersionsPage'), 'VersionsPage'),
})
const newArticle = createRoute({ getParentRoute: () => shell, path: '/knowledge/new', component: lazyPage(() => import('./features/knowledge/ArticleForm'), 'NewArticlePage') })
const deskPages = [board, searchRoute, customersRoute, customerRoute, knowledge.addChildren([articles, review, decided, gaps]), articleRoute, versionsRoute, newArticle] as const

export const analyticsRoute = createRoute({
  getParentRoute: () => shell,
  path: '/analytics',
  // Read by its page, with `readReportSearch`.
  validateSearch: (search: ReportSearch) => search,
  component: lazyPage(() => import('./features/analytics/AnalyticsPage'), 'AnalyticsPage'),
})

const templates = createRoute({ getParentRoute: () => shell, path: '/templates', component: lazyPage(() => import('./features/templates/TemplatesPage'), 'TemplatesPage') })
export const templateRoute = createRoute({ getParentRoute: () => shell, path: '/templates/$templateId', component: lazyPage(() => import('./features/templates/TemplatePage'), 'TemplatePage') })

const adminPage = () => import('./features/admin/AdminPage')
const admin = createRoute({ getParentRoute: () => shell, path: '/admin', component: lazyPage(adminPage, 'AdminPage') })
const adminFirst = createRoute({ getParentRoute: () => admin, path: '/', component: lazyPage(adminPage, 'FirstPart') })
const adminUsers = createRoute({ getParentRoute: () => admin, path: 'users', component: lazyPage(() => import('./features/admin/UsersPart'), 'UsersPart') })
const adminRoles = createRoute({ getParentRoute: () => admin, path: 'roles', component: lazyPage(() => import('./features/admin/RolesPart'), 'RolesPart') })
const adminKeys = createRoute({ getParentRoute: () => admin, path: 'keys', component: lazyPage(() => import('./features/admin/KeysPart'), 'KeysPart') })
const adminChannels = createRoute({ getParentRoute: () => admin, path: 'channels', component: lazyPage(() => import('./features/admin/ChannelsPart'), 'ChannelsPart') })
export const webhookRoute = createRoute({ getParentRoute: () => admin, path: 'channels/$webhookId', component: lazyPage(() => import('./features/admin/WebhookPart'), 'WebhookPart') })
const adminModels = createRoute({ getParentRoute: () => admin, path: 'models', component: lazyPage(() => import('./features/admin/ModelsPart'), 'ModelsPart') })
const adminPrompts = createRoute({ getParentRoute: () => admin, path: 'prompts', component: lazyPage(() => import('./features/admin/PromptsPart'), 'PromptsPart') })
const adminClocks = createRoute({ getParentRoute: () => admin, path: 'clocks', component: lazyPage(() => import('./features/admin/ClocksPart'), 'ClocksPart') })
const adminHealth = createRoute({ getParentRoute: () => admin, path: 'health', component: lazyPage(() => import('./features/admin/HealthPart'), 'HealthPart') })
const adminPrivacy = createRoute({ getParentRoute: () => admin, path: 'privacy', component: lazyPage(() => import('./features/admin/PrivacyPart'), 'PrivacyPart') })
export const auditRoute = createRoute({
  getParentRoute: () => admin,
  path: 'audit',
  // Read by its page, with `readAuditSearch`.
  validateSearch: (search: AuditSearch) => search,
  component: lazyPage(() => import('./features/admin/AuditPart'), 'AuditPart'),
})
const adminParts = admin.addChildren([adminFirst, adminUsers, adminRoles, adminKeys, adminChannels, webhookRoute, adminModels, adminPrompts, adminClocks, adminHealth, adminPrivacy, auditRoute])

/** Addresses that lead nowhere, with the way to everything else around them. */
const nowhere = createRoute({ getParentRoute: () => shell, path: '$', component: lazyPage(() => import('./app/Closed'), 'NotFoundPage') })

const inbox = inboxRoute.addChildren([noIssue, issueRoute])
const routeTree = root.addChildren([home, signInRoute, setup, reset, shell.addChildren([inbox, account, ...deskPages, templates, templateRoute, analyticsRoute, adminParts, nowhere])])

export const router = createRouter({ routeTree, defaultPreload: 'intent', defaultPreloadStaleTime: 0, scrollRestoration: false })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
