import { Check, Clock, Signal, UserRound, X } from 'lucide-react'
import { useCommands } from '../../app/commands'
import { SEVERITIES } from '../issue/choices'
import { AssignMenu, SnoozeMenu } from '../issue/menus'
import { useIssueActions } from './actions'
import { t } from '../../strings'
import { listing } from '../../strings/pages/listing'
import { thread } from '../../strings/pages/thread'
import { Button, IconButton } from '../../ui'
import { Menu } from '../../ui/lazy'

/** What may be done with all selected issues at once. */
export default function BulkBar({ ids, onDone }: { ids: readonly string[]; onDone: () => void }) {
  const act = useIssueActions()
  const resolve = () => { void act.setStatus(ids, 'resolved'); onDone() }
  useCommands([{ id: 'list.resolve', label: listing.resolveSelected, group: 'list', keys: ['e'], first: true, run: resolve }])
  const severities = SEVERITIES.map((value) => ({ id: value, label: t.issue.severity[value], run: () => { void act.setSeverity(ids, value) } }))
  return (
    <div role="toolbar" aria-label={listing.bulk} className="flex flex-wrap items-center gap-1 border-t border-line bg-raised px-2 py-1.5">
      <span data-number className="px-1 text-xs font-medium">{listing.selected(ids.length)}</span>
      <span className="ml-auto flex items-center">
        <AssignMenu ids={ids} trigger={<IconButton label={thread.assign}><UserRound size={15} aria-hidden /></IconButton>} />
        <Menu label={thread.setSeverity} items={severities} trigger={<IconButton label={thread.setSeverity}><Signal size={15} aria-hidden /></IconButton>} />
        <SnoozeMenu ids={ids} trigger={<IconButton label={thread.snooze}><Clock size={15} aria-hidden /></IconButton>} />
        <Button keys="e" onClick={resolve} className="mx-1"><Check size={13} aria-hidden />{thread.resolve}</Button>
        <IconButton label={listing.clearSelection} onClick={onDone}><X size={15} aria-hidden /></IconButton>
      </span>
    </div>
  )
}
