import { useQueryClient } from '@tanstack/react-query'
import { Check, Clock, Mail, MailOpen, Merge, Signal, Tag, UserRound, X } from 'lucide-react'
import { Suspense, useEffect, useState } from 'react'
import { listedIssue } from '../../api/queries/issues'
import { whichIsMe, whoMayTake } from '../../api/queries/people'
import { useReading } from '../../api/reading'
import { useCommands } from '../../app/commands'
import { overlayComes, pageIsHere } from '../../app/earlyKeys'
import { failed } from '../../app/toasts'
import { lazyPart } from '../../lib/lazyPart'
import { SEVERITIES } from '../issue/choices'
import { AssignMenu, SnoozeMenu, loadAssign } from '../issue/menus'
import { TagMenu } from '../issue/TagMenu'
import { useIssueActions } from './actions'
import { t } from '../../strings'
import { listing } from '../../strings/pages/listing'
import { thread } from '../../strings/pages/thread'
import { Button, IconButton } from '../../ui'
import { Menu } from '../../ui/lazy'
import { useSelectAll } from './useSelectAll'
import type { InboxSearch, ViewName } from './views'

const MergeDialog = lazyPart(() => import('../merge/MergeDialog'))

type Overlay = 'assign' | 'severity' | 'tags' | 'snooze' | 'merge'
type Props = { ids: readonly string[]; view: ViewName; search: InboxSearch; onSelect: (ids: ReadonlySet<string>) => void }

/** What may be done with all selected issues at once; its keys go before those of the issue that is open. */
export default function BulkBar({ ids, view, search, onSelect }: Props) {
  const act = useIssueActions()
  const client = useQueryClient()
  const [open, setOpen] = useState<Overlay>()
  const { selectAll, count, more } = useSelectAll(view, search, onSelect)
  const bind = (name: Overlay) => ({ open: open === name, onOpenChange: (next: boolean) => setOpen(next ? name : undefined) })
  const clear = () => onSelect(new Set())
  const unread = useReading(() => act.areUnread(ids))
  const reading = unread ? thread.markRead : thread.markUnread
  const read = () => act.read(ids, !unread)
  const resolve = () => { void act.setStatus(ids, 'resolved'); clear() }
  const merge = () => { overlayComes(); setOpen('merge') }
  const opens = (name: Overlay, label: string, key: string) => ({ id: `list.${name}`, label: listing.ofSelected(label), group: 'list' as const, keys: [key], first: true, opens: true, run: () => setOpen(name) })
  useCommands([
    { ...opens('assign', thread.assign, 'a'), run: () => void whoMayTake(loadAssign).then((soon) => soon && setOpen('assign'), failed) },
    opens('severity', thread.setSeverity, 's'), opens('tags', thread.tags, 'l'), opens('snooze', thread.snooze, 'h'),
    { id: 'list.mine', label: listing.ofSelected(thread.assignToMe), group: 'list', keys: ['m'], first: true, run: () => void whichIsMe().then((me) => act.assign(ids, me), failed) },
    { id: 'list.unread', label: listing.ofSelected(reading), group: 'list', keys: ['u'], first: true, run: read },
    { id: 'list.resolve', label: listing.resolveSelected, group: 'list', keys: ['e'], first: true, run: resolve },
    ...(ids.length > 1 ? [{ id: 'list.merge', opens: true, label: listing.mergeSelected, group: 'list' as const, run: merge }] : []),
    { id: 'list.selectAll', label: listing.selectAll, group: 'list', keys: ['mod+a'], first: true, run: () => void selectAll() },
  ])
  useEffect(pageIsHere, [])
  const severities = SEVERITIES.map((value) => ({ id: value, label: t.issue.severity[value], run: () => { void act.setSeverity(ids, value) } }))
  const issues = ids.map((id) => listedIssue(client, id)).filter((issue) => issue !== undefined)
  return (
    <div role="toolbar" aria-label={listing.bulk} className="flex flex-wrap items-center gap-x-1 border-t border-line bg-raised px-2 py-1.5">
      <span data-number className="px-1 text-xs font-medium" role="status">{listing.selected(ids.length)}</span>
      {(more || ids.length < count) && <Button variant="ghost" onClick={() => void selectAll()}>{listing.selectAll}</Button>}
      <IconButton label={listing.clearSelection} keys="escape" className="ml-auto" onClick={clear}><X size={15} aria-hidden /></IconButton>
      <span className="flex basis-full items-center">
        <AssignMenu {...bind('assign')} ids={ids} command={{ id: 'list.team', group: 'list', first: true, label: listing.ofSelected }} trigger={<IconButton label={thread.assign} data-tip={listing.ofSelected(thread.assign)} keys="a"><UserRound size={15} aria-hidden /></IconButton>} />
        <Menu {...bind('severity')} label={thread.setSeverity} items={severities} trigger={<IconButton label={thread.setSeverity} keys="s"><Signal size={15} aria-hidden /></IconButton>} />
        <TagMenu {...bind('tags')} issues={issues} trigger={<IconButton label={thread.tags} keys="l"><Tag size={15} aria-hidden /></IconButton>} />
        <SnoozeMenu {...bind('snooze')} ids={ids} trigger={<IconButton label={thread.snooze} keys="h"><Clock size={15} aria-hidden /></IconButton>} />
        <IconButton label={reading} keys="u" onClick={read}>{unread ? <MailOpen size={15} aria-hidden /> : <Mail size={15} aria-hidden />}</IconButton>
        {ids.length > 1 && <IconButton label={listing.mergeSelected} onClick={merge}><Merge size={15} aria-hidden /></IconButton>}
        <Button keys="e" onClick={resolve} className="ml-auto"><Check size={13} aria-hidden />{thread.resolve}</Button>
      </span>
      {open === 'merge' && <Suspense><MergeDialog issues={issues} onClose={() => setOpen(undefined)} onDone={clear} /></Suspense>}
    </div>
  )
}
