import { createRoot } from 'react-dom/client'
import { signOut } from '../api/door'
import { forgetMarks } from '../api/reading'
import { changesEnd } from '../api/whenBack'
import { hasUnsentReply } from '../features/incidents/replyDraft'
import { sendsEnd } from '../features/issue/sending'
import { forgetDrafts, saveDrafts } from '../features/issue/useDraftText'
import { overlays } from '../strings/pages/overlays'
import { Confirm } from '../ui/Confirm'
import { toast } from './toasts'

/** So long a send may take before it is said that signing out waits for it, and before that gives up. */
const SAY_MS = 500
const WAIT_MS = 20_000

/** Signs out once the server has all that was written, and wipes what this device kept of the work. */
export async function leave(): Promise<void> {
  await inTime(Promise.all([sendsEnd(), changesEnd()]))
  if (hasUnsentReply()) ask()
  else await go()
}

/** Throws when what is being sent has no answer after a while: it is kept, and so is the session. */
async function inTime(sends: Promise<unknown>): Promise<void> {
  const saying = setTimeout(() => toast({ title: overlays.waitForSend }), SAY_MS)
  let limit = 0
  const late = new Promise<never>((_done, fail) => { limit = window.setTimeout(() => fail(new Error(overlays.sendHangs)), WAIT_MS) })
  await Promise.race([sends, late]).finally(() => {
    clearTimeout(saying)
    clearTimeout(limit)
  })
}

async function go(): Promise<void> {
  await saveDrafts()
  await signOut()
  forgetDrafts()
  forgetMarks()
  location.assign('/sign-in')
}

/** A reply to all is kept on this device only: whoever goes is asked before it goes with them. */
function ask(): void {
  const root = createRoot(document.body.appendChild(document.createElement('div')))
  root.render(<Confirm title={overlays.unsentTitle} action={overlays.unsentLeave} danger onConfirm={go} onClose={() => root.unmount()}>{overlays.unsentHint}</Confirm>)
}
