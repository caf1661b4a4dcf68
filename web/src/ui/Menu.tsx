import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Kbd } from '.'
import { useBare, type FromBare } from './useBare'

export type MenuItem = {
  id: string
  label: string
  hint?: string | undefined
  icon?: ReactNode
  keys?: string
  /** Set for a choice: whether it is the one in force. */
  checked?: boolean
  /** Stays open, for choices of which several may be taken. */
  stay?: boolean
  run: () => void
}
export type MenuProps = {
  label: string
  trigger: ReactElement
  /** A function is asked when the menu opens. */
  items: readonly (MenuItem | 'line')[] | (() => readonly (MenuItem | 'line')[])
  align?: 'start' | 'center' | 'end'
  open?: boolean
  bare?: FromBare | undefined
  onOpenChange?: (open: boolean) => void
}

const ROW = 'flex min-h-8 items-center gap-2 rounded-md px-2 py-1 outline-none select-none data-highlighted:bg-selected data-highlighted:text-fg forced-colors:data-highlighted:outline-2 forced-colors:data-highlighted:outline-solid'

export default function Menu({ label, trigger, items, align = 'start', open, bare, onOpenChange }: MenuProps) {
  const { trigger: place, root } = useBare(bare, open, onOpenChange)
  return (
    <Base.Root {...root}>
      <Base.Trigger ref={place} render={trigger as ReactElement<Record<string, unknown>>} />
      <Base.Portal role="region" aria-label={label}>
        <Base.Positioner sideOffset={4} align={align} className="z-50 outline-none">
          <Base.Popup aria-label={label} className="pop max-h-[min(60vh,var(--available-height))] min-w-44 overflow-y-auto rounded-lg border border-line bg-raised p-1 text-fg shadow-pop outline-none">
            <Rows items={items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

function Rows({ items }: Pick<MenuProps, 'items'>) {
  const all = typeof items === 'function' ? items() : items
  return all.map((item, index) => (item === 'line' ? <Base.Separator key={index} className="my-1 h-px bg-line" /> : <Row key={item.id} item={item} />))
}

function Row({ item }: { item: MenuItem }) {
  const inside = (
    <>
      {item.icon && <span aria-hidden className="flex w-4 justify-center text-fg-3">{item.icon}</span>}
      <span className="flex-1">
        {item.label}
        {item.hint && <span className="ml-2 text-fg-3">{item.hint}</span>}
      </span>
      {item.keys && <Kbd keys={item.keys} />}
    </>
  )
  if (item.checked === undefined) return <Base.Item className={ROW} label={item.label} onClick={item.run}>{inside}</Base.Item>
  return (
    <Base.CheckboxItem className={ROW} label={item.label} checked={item.checked} onCheckedChange={item.run} closeOnClick={!item.stay}>
      <span aria-hidden className="flex w-4 justify-center">{item.checked && <Check size={14} />}</span>
      {inside}
    </Base.CheckboxItem>
  )
}
