import { Tooltip } from '@base-ui/react/tooltip'
import { useEffect, useState } from 'react'
import { Kbd } from '.'
import { watchTips } from './tips'

type Shown = { control: HTMLElement; label: string; keys: string | undefined; open: boolean }

/** What a control does, and its key, when pointed at or focused: one for the whole page. The label is the control's own name already. */
export default function TipHost() {
  const [shown, setShown] = useState<Shown>()
  useEffect(() => watchTips((control) => setShown((before) => {
    if (!control) return before && { ...before, open: false }
    const { tip = '', tipKeys } = control.dataset
    return { control, label: tip, keys: tipKeys, open: true }
  })), [])
  if (!shown) return null
  return (
    <Tooltip.Root open={shown.open}>
      <Tooltip.Portal>
        <Tooltip.Positioner anchor={shown.control} sideOffset={6} className="z-50 data-anchor-hidden:invisible">
          <Tooltip.Popup aria-hidden data-tip-shown className="pop flex max-w-80 items-center gap-2 rounded-md border border-line bg-raised px-2 py-1 text-xs whitespace-pre-line text-fg shadow-pop">
            {shown.label}
            {shown.keys && <Kbd keys={shown.keys} />}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
