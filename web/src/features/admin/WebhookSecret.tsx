import type { WebhookMade } from '../../api/schema'
import { words } from '../../strings/pages/webhooks'
import { Secret } from '../../ui/Secret'
import { ShownOnce } from '../../ui/ShownOnce'

/** The secret of a webhook, this once. */
export function WebhookSecret({ made, onClose }: { made: WebhookMade; onClose: () => void }) {
  return (
    <ShownOnce onClose={onClose} asks={Boolean(made.secret)} title={words.secretOf(made.webhook.name)}>
      {made.secret ? <><p className="text-fg-2">{words.secretOnce}</p><Secret label={words.secret} value={made.secret} /></> : <p className="text-fg-2">{words.secretGone}</p>}
    </ShownOnce>
  )
}
