import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'
import { Kbd } from '.'

export type TipProps = { label: string; keys?: string | undefined; children: ReactElement }

/** What a control does, and its key, when pointed at or focused. The label is the control's own name already. */
export default function Tip({ label, keys, children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children as ReactElement<Record<string, unknown>>} delay={350} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className="z-50">
          <Tooltip.Popup className="pop flex items-center gap-2 rounded-md border border-line bg-raised px-2 py-1 text-xs text-fg shadow-pop">
            {label}
            {keys && <Kbd keys={keys} />}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
