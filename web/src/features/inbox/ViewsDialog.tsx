import { useQuery } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react'
import { useViews, viewsQuery } from '../../api/queries/views'
import { failed, toast } from '../../app/toasts'
import { words } from '../../strings/pages/views'
import { IconButton } from '../../ui'
import { CheckRow } from '../../ui/CheckRow'
import Dialog from '../../ui/Dialog'

/** One's own views: named, ordered, shared, deleted. */
export default function ViewsDialog({ onClose }: { onClose: () => void }) {
  const { data = [] } = useQuery(viewsQuery)
  const { edit, remove, order, save } = useViews()
  const mine = data.filter((view) => view.mine)
  const ids = mine.map((view) => view.id)
  const move = (at: number, by: number) => {
    const next = [...ids]
    next.splice(at + by, 0, ...next.splice(at, 1))
    order.mutate(next, { onError: failed })
  }
  const drop = (view: (typeof mine)[number]) => {
    const { name, shared, filters } = view
    const undo = () => save.mutate({ name, shared, filters }, { onError: failed })
    remove.mutate(view.id, { onSuccess: () => toast({ title: words.removed, undo }), onError: failed })
  }
  return (
    <Dialog open onOpenChange={onClose} title={words.manage} hint={words.manageHint}>
      {mine.length === 0 && <p className="p-4 text-fg-3">{words.none}</p>}
      <ul className="space-y-2 p-4">
        {mine.map((view, at) => (
          <li key={view.id} className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <input
              aria-label={words.rename(view.name)} defaultValue={view.name} maxLength={80} dir="auto"
              onBlur={(event) => {
                const name = event.target.value.trim()
                if (name && name !== view.name) edit.mutate({ id: view.id, name }, { onError: failed })
              }}
              onKeyDown={(event) => { if (event.key === 'Enter') event.currentTarget.blur() }}
              className="h-8 min-w-40 flex-1 rounded-md border border-line-strong bg-panel px-2.5 text-sm pointer-coarse:h-11"
            />
            <CheckRow label={words.shared} checked={view.shared} onChange={() => edit.mutate({ id: view.id, shared: !view.shared }, { onError: failed })} />
            <span className="flex">
              <IconButton label={words.up(view.name)} disabled={at === 0 || order.isPending} onClick={() => move(at, -1)}><ArrowUp size={14} aria-hidden /></IconButton>
              <IconButton label={words.down(view.name)} disabled={at === mine.length - 1 || order.isPending} onClick={() => move(at, 1)}><ArrowDown size={14} aria-hidden /></IconButton>
              <IconButton label={words.remove(view.name)} onClick={() => drop(view)}><Trash2 size={14} aria-hidden /></IconButton>
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
