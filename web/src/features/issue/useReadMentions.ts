import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { readMentions, useUnreadMentions } from '../../api/queries/mentions'

const isLooked = (): boolean => document.visibilityState === 'visible' && document.hasFocus()
function onLook(listener: () => void): () => void {
  const control = new AbortController()
  for (const name of ['focus', 'blur']) addEventListener(name, listener, { signal: control.signal })
  document.addEventListener('visibilitychange', listener, { signal: control.signal })
  return () => control.abort()
}

/** Notes of the issue that name who works here are read once somebody looks at it; not while its page is out of sight. */
export function useReadMentions(issueId: string | undefined): void {
  const client = useQueryClient()
  const unread = useUnreadMentions()
  const looked = useSyncExternalStore(onLook, isLooked)
  const read = looked && issueId !== undefined && unread.has(issueId) ? issueId : undefined
  useEffect(() => {
    // What the server was not told stays unread, and is told when the issue is opened again.
    if (read) readMentions(client, read).catch(() => undefined)
  }, [client, read])
}
