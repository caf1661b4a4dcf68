import { useEffect, useState, useSyncExternalStore } from 'react'
import { api } from '../../api/client'
import { onPresence, setPresent, whoIsAt } from '../../api/live'
import type { PersonPresent } from '../../api/schema'
import { whoAmI } from '../../api/session'
import { afterPaint } from '../../lib/afterPaint'

const AGAIN_MS = 15_000
/** Whoever only passes through the list is not there. */
const STAYS_MS = 500
type State = 'viewing' | 'replying' | 'left'

async function say(issueId: string, state: State): Promise<void> {
  const call = api.PUT('/v1/issues/{issue_id}/presence', { params: { path: { issue_id: issueId } }, body: { state }, keepalive: state === 'left' })
  const { data } = await call.catch(() => ({ data: undefined }))
  if (data && state !== 'left') setPresent(issueId, data.people)
}

/** Tells colleagues that this issue is open here, and whether a reply is being written; answers who else is there. */
export function usePresence(issueId: string, replying: boolean): readonly PersonPresent[] {
  const state: State = replying ? 'replying' : 'viewing'
  const [me, setMe] = useState<string>()
  useEffect(() => void whoAmI().then((found) => setMe(found?.kind === 'user' ? found.id : undefined), () => undefined), [])
  useEffect(() => {
    if (!me) return
    const tell = () => { if (document.visibilityState === 'visible') void say(issueId, state) }
    const soon = setTimeout(tell, STAYS_MS)
    const again = setInterval(tell, AGAIN_MS)
    return () => {
      clearTimeout(soon)
      clearInterval(again)
    }
  }, [issueId, state, me])
  useEffect(() => {
    if (!me) return
    const opened = Date.now()
    const leave = () => { if (Date.now() - opened > STAYS_MS) void say(issueId, 'left') }
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      // The next issue is drawn first.
      afterPaint(leave)
    }
  }, [issueId, me])
  const all = useSyncExternalStore(onPresence, () => whoIsAt(issueId))
  return all.filter((person) => person.person_id !== me)
}
