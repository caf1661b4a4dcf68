import { Suspense, useEffect, useSyncExternalStore } from 'react'
import { onOpenSource, openedSource, setOpenSource } from './openSource'
import { lazyPart } from '../../lib/lazyPart'

const SourceView = lazyPart(() => import('./SourceView'))

/** The place of the source that is open; it closes with the issue. */
export function SourceHost({ beside }: { beside: boolean }) {
  const opened = useSyncExternalStore(onOpenSource, openedSource)
  useEffect(() => () => setOpenSource(undefined), [])
  return opened && <Suspense><SourceView key={opened.source.id} {...opened} beside={beside} /></Suspense>
}
