import { useBlocker } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { overlays } from '../strings/pages/overlays'
import { Confirm } from './Confirm'

/** Asks before a page is left with changes that are not stored. Returns the question, to be drawn by the page. */
export function useUnsaved(changed: boolean): ReactNode {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => changed && current.pathname !== next.pathname,
    enableBeforeUnload: () => changed,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  const leave = () => {
    blocker.proceed()
    return Promise.resolve()
  }
  return <Confirm title={overlays.leaveTitle} action={overlays.leave} danger onConfirm={leave} onClose={blocker.reset}>{overlays.leaveHint}</Confirm>
}
