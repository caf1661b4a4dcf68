import { useState, type ReactNode } from 'react'
import { t } from '../strings'
import { overlays } from '../strings/pages/overlays'
import { Button } from '.'
import Dialog from './Dialog'

/** What is shown this once: Esc, or a click beside it, asks first. */
export function ShownOnce({ title, children, onClose, asks = true }: { title: string; children: ReactNode; onClose: () => void; asks?: boolean }) {
  const [asking, setAsking] = useState(false)
  return (
    <Dialog open onOpenChange={() => (asks ? setAsking(!asking) : onClose())} title={title}>
      <div className="space-y-4 p-4">
        {children}
        <p role="alert" className="text-xs text-critical empty:hidden">{asking && overlays.notShownAgain}</p>
        <div className="flex justify-end gap-2">
          {asking && <Button onClick={() => setAsking(false)}>{t.app.cancel}</Button>}
          <Button variant={asking ? 'danger' : 'primary'} onClick={onClose}>{asking ? overlays.closeAnyway : overlays.done}</Button>
        </div>
      </div>
    </Dialog>
  )
}
