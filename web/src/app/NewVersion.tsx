import { useSyncExternalStore } from 'react'
import { isOutdated, onOutdated } from '../api/build'
import { overlays } from '../strings/pages/overlays'
import { Banner, Button } from '../ui'

/** Said once the server has another build of the console; what was written is kept, so it can be taken at any time. */
export default function NewVersion() {
  if (!useSyncExternalStore(onOutdated, isOutdated)) return null
  return <Banner tone="info">{overlays.newVersion}<Button onClick={() => location.reload()}>{overlays.reload}</Button></Banner>
}
