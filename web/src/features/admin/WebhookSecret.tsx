import type { WebhookMade } from '../../api/schema'
import { t } from '../../strings'
import { words } from '../../strings/pages/webhooks'
import { Button } from '../../ui'
import Dialog from '../../ui/Dialog'
import { Secret } from '../../ui/Secret'

/** The secret of a webhook, this once. */
export function WebhookSecret({ made, onClose }: { made: WebhookMade; onClose: () => void }) {
  return (
    <Dialog open onOpenChange={onClose} title={words.secretOf(made.webhook.name)}>
      <div className="space-y-4 p-4">
        {made.secret ? <><p className="text-fg-2">{words.secretOnce}</p><Secret label={words.secret} value={made.secret} /></> : <p className="text-fg-2">{words.secretGone}</p>}
        <div className="flex justify-end"><Button variant="primary" onClick={onClose}>{t.app.done}</Button></div>
      </div>
    </Dialog>
  )
}
