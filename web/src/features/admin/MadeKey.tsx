import type { KeyMade } from '../../api/schema'
import { words } from '../../strings/pages/admin'
import { Secret } from '../../ui/Secret'
import { ShownOnce } from '../../ui/ShownOnce'

/** The secret of a key, this once. */
export function MadeKey({ made, onClose }: { made: KeyMade; onClose: () => void }) {
  return (
    <ShownOnce onClose={onClose} title={words.keyTitle(made.api_key.name)}>
      <p className="text-fg-2">{words.keyOnce}</p>
      <Secret label={words.key} value={made.key} />
    </ShownOnce>
  )
}
