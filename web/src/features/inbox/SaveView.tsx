import { Bookmark } from 'lucide-react'
import { useState } from 'react'
import { sentence } from '../../api/errors'
import { filtersOf, useViews } from '../../api/queries/views'
import { useMay } from '../../api/queries/me'
import { useCommands } from '../../app/commands'
import { toast } from '../../app/toasts'
import { t } from '../../strings'
import { words } from '../../strings/pages/views'
import { Button, IconButton } from '../../ui'
import { CheckRow } from '../../ui/CheckRow'
import { TextField } from '../../ui/Field'
import { Popover } from '../../ui/lazy'
import type { InboxSearch, ViewName } from './views'

type Props = { view: ViewName; search: InboxSearch }

/** Keeps the filters and the order of a list under a name. */
export default function SaveView(props: Props) {
  const [open, setOpen] = useState(false)
  const may = useMay('views.edit')
  useCommands(may ? [{ id: 'list.saveView', label: words.save, group: 'list', keys: ['v'], run: () => setOpen(true) }] : [])
  if (!may) return null
  return (
    <Popover title={words.save} align="end" open={open} onOpenChange={setOpen} trigger={<IconButton label={words.save} keys="v"><Bookmark size={15} aria-hidden /></IconButton>}>
      <Form {...props} onDone={() => setOpen(false)} />
    </Popover>
  )
}

function Form({ view, search, onDone }: Props & { onDone: () => void }) {
  const { save } = useViews()
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const store = () => save.mutate({ name: name.trim(), shared, filters: filtersOf(view, search) }, {
    onSuccess: () => { onDone(); toast({ title: words.saved(name.trim()) }) },
  })
  return (
    <form className="space-y-3" onSubmit={(event) => { event.preventDefault(); if (name.trim()) store() }}>
      <TextField label={words.name} hint={words.saveHint} value={name} required maxLength={80} onChange={(event) => setName(event.target.value)} />
      <CheckRow label={words.share} checked={shared} onChange={() => setShared(!shared)} />
      {save.error && <p role="alert" className="text-xs text-critical">{sentence(save.error)}</p>}
      <div className="flex justify-end"><Button type="submit" variant="primary" disabled={!name.trim() || save.isPending}>{t.app.save}</Button></div>
    </form>
  )
}
