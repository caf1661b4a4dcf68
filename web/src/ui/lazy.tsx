/** Parts that open upon a press. Until then the bare trigger stands in their place: making them ready costs more than all that is drawn. */
import { Suspense, cloneElement, useState, type ComponentType, type MouseEvent, type ReactElement } from 'react'
import { atRest } from '../api/atRest'
import { useAfterPaint } from '../lib/afterPaint'
import { latePart, lazyPart } from '../lib/lazyPart'
import type { DueProps } from './Due'
import type { MenuProps } from './Menu'
import type { PopoverProps } from './Popover'
import type { FromBare } from './useBare'

const loaders = [() => import('./Menu'), () => import('./Popover')] as const
const LazyMenu = latePart(loaders[0])
const LazyPopover = latePart(loaders[1])
// Here before anybody presses; what cannot be had now is tried again then.
void atRest.then(() => Promise.allSettled(loaders.map((load) => load())))

type Opens = { trigger: ReactElement; open?: boolean; bare?: FromBare | undefined; onOpenChange?: (open: boolean) => void }

/**
 * A press on the bare trigger counts: what it opens stands open once it is here. Menus, and what a key opens, are made ready
 * right after the paint, because the next key is meant for what is in them; but not while somebody is on the bare trigger.
 */
function Late<P extends Opens>({ of: Part, kind, props }: { of: ComponentType<P>; kind: 'menu' | 'dialog'; props: P }) {
  const [press, setPress] = useState<FromBare['press']>()
  const [focused, setFocused] = useState(false)
  const painted = useAfterPaint(kind === 'menu' || props.open !== undefined, false)
  const [stands, setStands] = useState(false)
  if (!stands && (props.open || press || (painted && !focused))) setStands(true)
  const onClick = ({ detail }: MouseEvent) => {
    setPress(detail ? 'mouse' : 'key')
    if (detail) props.onOpenChange?.(true)
  }
  const bare = cloneElement(props.trigger as ReactElement<Record<string, unknown>>, {
    onClick, onFocus: () => setFocused(true), onBlur: () => setFocused(false), 'aria-haspopup': kind, 'aria-expanded': false,
  })
  return <Suspense fallback={bare}>{stands ? <Part {...props} bare={{ press, focused }} /> : bare}</Suspense>
}

export const Menu = (props: MenuProps) => <Late of={LazyMenu} kind="menu" props={props} />
export const Popover = (props: PopoverProps) => <Late of={LazyPopover} kind="dialog" props={props} />
const LazyDue = lazyPart(() => import('./Due'))
export const Due = (props: DueProps) => <Suspense><LazyDue {...props} /></Suspense>
