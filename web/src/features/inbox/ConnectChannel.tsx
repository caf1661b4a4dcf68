import { words } from '../../strings/pages/firstRun'
import Dialog from '../../ui/Dialog'
import { WaysIn } from '../admin/WaysIn'

/** How issues come in: sent by a program, or read from a file. */
export default function ConnectChannel({ onClose }: { onClose: () => void }) {
  return <Dialog open onOpenChange={onClose} title={words.connect}><div className="p-4"><WaysIn /></div></Dialog>
}
