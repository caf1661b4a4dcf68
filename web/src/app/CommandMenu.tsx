import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { searchQuery } from '../api/queries/search'
import type { FoundOut } from '../api/schema'
import { t } from '../strings'
import { overlays } from '../strings/pages/overlays'
import { Kbd } from '../ui'
import { useAllCommands, type CommandGroup } from './commands'

type Entry = { id: string; label: string; detail?: string | undefined; keys?: string | undefined; run: () => void }
type Group = { title: string; items: Entry[] }
const ORDER: readonly CommandGroup[] = ['page', 'issue', 'compose', 'copilot', 'list', 'navigate', 'app']

const told = (...parts: readonly (string | null | undefined)[]): string | undefined => parts.filter(Boolean).join(' · ') || undefined

/** Every command that is offered here and now, and issues and customers found by words. */
export default function CommandMenu({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  // Commands follow each letter, so that Enter runs what was typed; the search may come later.
  const words = text.trim()
  const wanted = useDeferredValue(words)
  const navigate = useNavigate()
  // Moves of the cursor come last: here they are for whoever knows no keys.
  const commands = useAllCommands().filter(({ id, label }) => label && id !== 'app.menu').sort((a, b) => Number(a.keysOnly ?? false) - Number(b.keysOnly ?? false))
  const { data: found } = useQuery({ ...searchQuery(wanted), enabled: wanted.length > 1 })
  const groups: Group[] = ORDER.map((group) => ({
    title: overlays.group[group],
    items: commands.filter((command) => command.group === group).map(({ id, label, keys, run }) => ({ id, label, keys: keys?.[0], run })),
  }))
  const hits = (kind: FoundOut['kind'], entry: (hit: FoundOut) => Entry) => (wanted.length > 1 ? (found?.data ?? []) : []).filter((hit) => hit.kind === kind).map(entry)
  const issues = hits('issue', ({ id, title, key, customer }) => ({
    id, label: title, detail: told(customer?.name, customer?.company, key), run: () => void navigate({ to: '/inbox/$view/$issueId', params: { view: 'all', issueId: id } }),
  }))
  const customers = hits('customer', ({ id, title, customer }) => ({
    id, label: title, detail: told(customer?.company, customer?.email === title ? null : customer?.email), run: () => void navigate({ to: '/customers/$customerId', params: { customerId: id } }),
  }))
  const fits = (label: string) => words.toLowerCase().split(/\s+/).every((word) => label.toLowerCase().includes(word))
  const shown = [...groups.map((group) => ({ ...group, items: group.items.filter((item) => fits(item.label)) })), { title: overlays.foundIssues, items: issues }, { title: overlays.foundCustomers, items: customers }]
    .filter((group) => group.items.length)
  return (
    <Dialog.Root open onOpenChange={(open) => { if (!open) onClose() }}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup aria-label={t.app.commandMenu} className="fixed top-[12vh] left-1/2 z-50 w-[min(37.5rem,94vw)] -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-raised text-fg shadow-pop outline-none">
          <Autocomplete.Root open inline items={shown} filter={null} value={text} onValueChange={setText} autoHighlight="always" keepHighlight itemToStringValue={(entry: Entry) => entry.label}>
            <div className="flex items-center gap-2.5 border-b border-line px-3.5">
              <Search size={15} className="shrink-0 text-fg-3" aria-hidden />
              <Autocomplete.Input aria-label={overlays.commandInput} placeholder={overlays.commandPlaceholder} className="h-12 w-full bg-transparent text-lg outline-none placeholder:text-fg-3" />
            </div>
            <Autocomplete.Empty><p className="px-4 py-8 text-center text-fg-3 empty:hidden">{shown.length ? null : overlays.commandEmpty}</p></Autocomplete.Empty>
            <Autocomplete.List className="max-h-[52vh] overflow-y-auto p-1.5">
              {(group: Group) => (
                <Autocomplete.Group key={group.title} items={group.items}>
                  <Autocomplete.GroupLabel className="px-2.5 pt-2 pb-1 text-2xs font-medium text-fg-3">{group.title}</Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(entry: Entry) => (
                      <Autocomplete.Item
                        key={entry.id} value={entry}
                        onClick={() => { onClose(); entry.run() }}
                        className="flex min-h-8 items-center justify-between gap-3 rounded-md px-2.5 py-1 data-highlighted:bg-selected forced-colors:data-highlighted:outline-2"
                      >
                        <span className="min-w-0 truncate">{entry.label}</span>
                        {entry.detail && <span dir="auto" className="ml-auto max-w-[50%] min-w-0 shrink-[4] truncate text-xs text-fg-3">{entry.detail}</span>}
                        {entry.keys && <Kbd keys={entry.keys} />}
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
