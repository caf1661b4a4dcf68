import { queryClient } from '../api/queryClient'
import { askAgain } from '../api/session'
import { SignInForm } from '../features/account/SignInForm'
import { words } from '../strings/pages/auth'
import Dialog from '../ui/Dialog'

/** The session has ended. The dialog is over the page, which stays as it is with everything that was typed. */
export default function SignIn() {
  // Closing it asks whether somebody has signed in meanwhile in another tab.
  return (
    <Dialog open onOpenChange={() => void askAgain()} title={words.againTitle} hint={words.againHint} className="!w-[min(380px,94vw)]">
      <div className="p-4"><SignInForm onDone={() => void queryClient.invalidateQueries()} /></div>
    </Dialog>
  )
}
