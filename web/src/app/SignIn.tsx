import { useEffect, useState } from 'react'
import { queryClient } from '../api/queryClient'
import { meQuery, refreshMe } from '../api/queries/me'
import { SignInForm } from '../features/account/SignInForm'
import { words } from '../strings/pages/auth'
import Dialog from '../ui/Dialog'

/** So long nobody has pressed a key in a text field before something else may take the focus. */
const PAUSE_MS = 1200

/** The session has ended. The dialog is over the page, which stays as it is with everything that was typed. */
export default function SignIn() {
  const paused = usePause()
  // Closing it asks whether somebody has signed in meanwhile in another tab.
  return (
    <Dialog open={paused} onOpenChange={() => void refreshMe()} title={words.againTitle} hint={words.againHint} className="!w-[min(23.75rem,94vw)]">
      <div className="p-4"><SignInForm email={queryClient.getQueryData(meQuery.queryKey)?.account?.email ?? ''} onDone={() => void queryClient.invalidateQueries()} /></div>
    </Dialog>
  )
}

/** False while somebody is in the middle of a sentence, whose rest would go into the dialog; true from their pause on. */
function usePause(): boolean {
  const [paused, setPaused] = useState(false)
  useEffect(() => {
    const end = () => setPaused(true)
    let timer = setTimeout(end, document.activeElement?.matches('textarea, input') ? PAUSE_MS : 0)
    const again = () => {
      clearTimeout(timer)
      timer = setTimeout(end, PAUSE_MS)
    }
    if (!paused) addEventListener('keydown', again, true)
    return () => {
      clearTimeout(timer)
      removeEventListener('keydown', again, true)
    }
  }, [paused])
  return paused
}
