import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import { CircleAlert, Lock, Search } from 'lucide-react'
import { ApiError, isForbidden, isMissing, sentence } from '../api/errors'
import { t } from '../strings'
import { Button, Empty } from '../ui'

/** In the place of a page or a part of one that could not be shown: what happened, and what can be done. `page`: of all of it. */
export function ErrorView({ error, onRetry, page }: { error: unknown; onRetry?: (() => void) | undefined; page?: boolean }) {
  if (isMissing(error)) return <NotFound page={page} />
  if (isForbidden(error)) return <NotForRole page={page} />
  const id = error instanceof ApiError ? error.requestId : ''
  return (
    <div role="alert" className="h-full">
      <Empty page={page} icon={<CircleAlert size={18} />} title={t.app.errorTitle} hint={sentence(error)}>
        {onRetry && <Button onClick={onRetry}>{t.app.retry}</Button>}
        {id && <p className="w-full text-2xs text-fg-3">{t.app.errorId(id)}</p>}
      </Empty>
    </div>
  )
}

/** In the place of what a person's role does not open. */
export function NotForRole({ page }: { page?: boolean | undefined }) {
  return <Empty page={page} icon={<Lock size={18} />} title={t.app.forbiddenTitle} hint={t.app.forbiddenHint} />
}

export function ErrorPage({ error, reset }: ErrorComponentProps) {
  return <main className="h-full"><ErrorView error={error} onRetry={reset} page /></main>
}

/** The page of an address that leads nowhere. */
export const NotFoundPage = () => <main className="h-full bg-panel"><NotFound page /></main>

function NotFound({ page }: { page?: boolean | undefined }) {
  return (
    <Empty page={page} icon={<Search size={18} />} title={t.app.notFoundTitle} hint={t.app.notFoundHint}>
      <Link to="/inbox/$view" params={{ view: 'all' }} className="inline-flex h-7 items-center rounded-md border border-line bg-raised px-2.5 text-xs font-medium hover:bg-hover">{t.app.backToInbox}</Link>
    </Empty>
  )
}
