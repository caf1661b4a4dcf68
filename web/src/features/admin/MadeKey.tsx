import type { KeyMade } from '../../api/schema'
import { t } from '../../strings'
import { words } from '../../strings/pages/admin'
import { Button } from '../../ui'
import Dialog from '../../ui/Dialog'
import { Secret } from '../../ui/Secret'

/** The secret of a key, this once. */
export function MadeKey({ made, onClose }: { made: KeyMade; onClose: () => void }) {
  return (
    <Dialog open onOpenChange={onClose} title={words.keyTitle(made.api_key.name)}>
      <div className="space-y-4 p-4">
        <p className="text-fg-2">{words.keyOnce}</p>
        <Secret label={words.key} value={made.key} />
        <div className="flex justify-end"><Button variant="primary" onClick={onClose}>{t.app.done}</Button></div>
      </div>
    </Dialog>
  )
}
