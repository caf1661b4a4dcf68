import { Popover as Base } from '@base-ui/react/popover'
import { clsx } from 'clsx'
import type { ReactElement, ReactNode } from 'react'
import { useBare, type FromBare } from './useBare'

export type PopoverProps = {
  title: string
  trigger: ReactElement
  children: ReactNode
  open?: boolean
  bare?: FromBare | undefined
  onOpenChange?: (open: boolean) => void
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'bottom' | 'left' | 'right'
  className?: string
  /** The title is read out, not shown. */
  quiet?: boolean
}

export default function Popover({ title, trigger, children, open, bare, onOpenChange, align = 'start', side = 'bottom', className, quiet }: PopoverProps) {
  const { trigger: place, root } = useBare(bare, open, onOpenChange)
  return (
    <Base.Root {...root}>
      <Base.Trigger ref={place} render={trigger as ReactElement<Record<string, unknown>>} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={align} side={side} className="z-50" collisionPadding={8}>
          <Base.Popup className={clsx('pop max-h-(--available-height) max-w-(--available-width) overflow-y-auto overscroll-contain rounded-lg border border-line bg-raised p-3 wrap-break-word text-fg shadow-pop outline-none', className ?? 'w-72')}>
            <Base.Title className={quiet ? 'sr-only' : 'mb-2 font-semibold'}>{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
