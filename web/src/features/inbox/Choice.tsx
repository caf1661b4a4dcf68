import type { ReactNode } from 'react'
import { listing } from '../../strings/pages/listing'
import { labelOf } from './labels'
import { CHOICES, type InboxSearch } from './views'

type Props = { search: InboxSearch; onChange: (part: Partial<InboxSearch>) => void; field: Field }
type Field = 'status' | 'severity' | 'channel' | 'sla' | 'risk'
/** Of these, one at a time. */
const SINGLE: readonly Field[] = ['channel', 'sla']

/** The values of a field, to narrow a list by. */
export function Choice({ field, search, onChange }: Props) {
  const chosen: readonly string[] = [search[field] ?? []].flat()
  const toggle = (value: string) => {
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : SINGLE.includes(field) ? [value] : [...chosen, value]
    const set = SINGLE.includes(field) ? next[0] : next.length ? next : undefined
    onChange({ [field]: set })
  }
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-fg-2">{listing.fields[field]}</legend>
      <div className="flex flex-wrap gap-1">
        {CHOICES[field].map((value) => <Toggle key={value} on={chosen.includes(value)} onToggle={() => toggle(value)}>{labelOf(field, value)}</Toggle>)}
      </div>
    </fieldset>
  )
}

export function Toggle({ on, onToggle, children }: { on: boolean; onToggle: () => void; children: ReactNode }) {
  return (
    <button
      type="button" aria-pressed={on} onClick={onToggle} dir="auto"
      className="h-6 max-w-full truncate rounded-md border border-line px-2 text-xs text-fg-2 hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-text pointer-coarse:h-9"
    >
      {children}
    </button>
  )
}
