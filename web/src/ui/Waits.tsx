import { onlineManager } from '@tanstack/react-query'
import { CloudOff } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { words } from '../strings/pages/waits'
import { Skeleton, cx } from '.'

/** In place of what is still to come: that it comes, or, without a network, that it cannot now. */
export function Waits({ rows, className }: { rows?: number; className?: string }) {
  const online = useSyncExternalStore((listener) => onlineManager.subscribe(listener), () => onlineManager.isOnline())
  if (online) return <Skeleton {...(rows !== undefined && { rows })} {...(className !== undefined && { className })} />
  return (
    <p role="status" className={cx('flex items-start gap-2 text-fg-2', className ?? 'p-4')}>
      <CloudOff size={14} aria-hidden className="mt-0.5 shrink-0 text-fg-3" />
      {words.notLoaded}
    </p>
  )
}
