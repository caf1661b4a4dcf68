import { Dialog as Base } from '@base-ui/react/dialog'
import { clsx } from 'clsx'
import { X } from 'lucide-react'
import { useRef, type ReactNode } from 'react'
import type { CommandGroup } from '../app/commands'
import { t } from '../strings'

export type DialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  hint?: string
  children: ReactNode
  /** `side`: a drawer at the right edge, for what is beside the page on wide screens. */
  kind?: 'center' | 'side'
  /** Commands of this group keep their keys while it is open. */
  keysOf?: CommandGroup
  className?: string
}

/** A line or box to write in. */
const FIELD = 'input:not([type=checkbox], [type=radio], :disabled, :read-only), textarea:not(:disabled, :read-only)'

export default function Dialog({ open, onOpenChange, title, hint, children, kind = 'center', keysOf, className }: DialogProps) {
  const place = kind === 'center'
    ? 'top-[12vh] left-1/2 max-h-[76vh] w-[min(35rem,94vw)] -translate-x-1/2 rounded-xl border'
    : 'inset-y-0 right-0 w-[min(25rem,100vw)] border-l'
  const body = useRef<HTMLDivElement>(null)
  // Whoever opens a form is about to fill it in; on a touch screen that would bring the keyboard up over it.
  const first = (by: string) => (by !== 'touch' && body.current?.querySelector<HTMLElement>(FIELD)) || true
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup initialFocus={first} data-keys-of={keysOf} className={clsx('fixed z-50 flex flex-col border-line bg-raised text-fg shadow-pop outline-none transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0', place, className)}>
          <header className="flex shrink-0 items-center gap-2 border-b border-line py-2 pr-2 pl-4">
            <Base.Title className="flex-1 font-semibold">{title}</Base.Title>
            <Base.Close aria-label={t.app.close} className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-fg-2 hover:bg-hover hover:text-fg pointer-coarse:size-11">
              <X size={15} aria-hidden />
            </Base.Close>
          </header>
          {hint && <Base.Description className="px-4 pt-3 text-fg-3">{hint}</Base.Description>}
          <div ref={body} className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
