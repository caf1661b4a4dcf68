import { signOut } from '../api/door'
import { sendsEnd } from '../features/issue/sending'
import { forgetDrafts, saveDrafts } from '../features/issue/useDraftText'

/** Signs out once the server has all that was written, and wipes what this device kept of the work. */
export async function leave(): Promise<void> {
  await sendsEnd()
  await saveDrafts()
  await signOut()
  forgetDrafts()
  location.assign('/sign-in')
}
