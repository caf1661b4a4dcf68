import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { usersQuery } from '../../api/queries/admin'
import { searchQuery } from '../../api/queries/search'
import { useDelayed } from '../../lib/useDelayed'
import { words } from '../../strings/pages/audit'
import { Popover } from '../../ui/lazy'
import { Finder, type Option } from '../issue/Finder'
import { ID } from './actions'

const KINDS = ['issue', 'customer', 'article', 'template'] as const

type Chosen = { id: string; name: string }
type Props = { chosen: Chosen | undefined; onChoose: (record: Chosen | undefined) => void }

/** A record to look for in the trail, found by its subject, its name or its key; one that is gone by its id. */
export function RecordPicker({ chosen, onChoose }: Props) {
  const [open, setOpen] = useState(false)
  const shown = chosen?.name ?? words.anyRecord
  const choose = (record: Chosen | undefined) => {
    setOpen(false)
    onChoose(record)
  }
  return (
    <div className="min-w-0 sm:w-44">
      <span aria-hidden className="mb-1 block text-xs font-medium text-fg-2">{words.target}</span>
      <Popover
        title={words.target} quiet className="w-[min(21.25rem,92vw)]" open={open} onOpenChange={setOpen}
        trigger={<button type="button" aria-label={`${words.target}: ${shown}`} dir="auto" className="block h-8 w-full truncate rounded-md border border-line-strong bg-panel px-2.5 text-left text-sm text-fg pointer-coarse:h-11">{shown}</button>}
      >
        <Found chosen={chosen} onChoose={choose} />
      </Popover>
    </div>
  )
}

function Found({ chosen, onChoose }: Props) {
  const [typed, setTyped] = useState('')
  const asked = useDelayed(typed.trim())
  const { data: users } = useQuery(usersQuery)
  const { data: found, isPending } = useQuery({ ...searchQuery(asked, KINDS, 20), enabled: asked.length > 1 })
  const any: Option[] = chosen ? [{ id: '', title: words.anyRecord, words: '', detail: null }] : []
  const people = (users?.data ?? []).map((user): Option => ({ id: user.id, title: user.name, words: user.email ?? '', detail: words.kinds.user }))
  // What the server found fits, whether or not its title has the words.
  const hits = asked.length > 1 ? (found?.data ?? []).map((hit): Option => ({ id: hit.id, title: hit.title, words: typed, detail: words.kinds[hit.kind] })) : []
  const options = [...any, ...hits, ...people]
  const byId = (text: string): Option | undefined => (ID.test(text.trim()) && !hits.some(({ id }) => id === text.trim()) ? { id: text.trim(), title: text.trim(), words: '', detail: words.theId } : undefined)
  const choose = (id: string) => onChoose(id ? { id, name: options.find((one) => one.id === id)?.title ?? id } : undefined)
  const waits = typed.trim() !== asked || (asked.length > 1 && isPending)
  return <Finder id="record" label={words.target} hint={words.findRecord} none={waits ? words.looking : words.noRecord} options={options} made={byId} onChoose={choose} onWords={setTyped} />
}
