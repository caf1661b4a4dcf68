import type { ErrorComponentProps } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { Suspense } from 'react'
import { ApiError, isForbidden, isMissing, sentence } from '../api/errors'
import { lazyPart } from '../lib/lazyPart'
import { t } from '../strings'
import { Button, Empty } from '../ui'

const Closed = lazyPart(() => import('./Closed'))

/** In the place of a page or a part of one that could not be shown: what happened, and what can be done. `page`: of all of it. */
export function ErrorView({ error, onRetry, page }: { error: unknown; onRetry?: (() => void) | undefined; page?: boolean }) {
  const missing = isMissing(error)
  if (missing || isForbidden(error)) return <Suspense><Closed missing={missing} page={page} /></Suspense>
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

export function ErrorPage({ error, reset }: ErrorComponentProps) {
  return <main className="h-full"><ErrorView error={error} onRetry={reset} page /></main>
}
