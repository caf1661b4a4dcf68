/** Parts that nobody needs for the first paint. Until they are here, the bare trigger stands in their place. */
import { Suspense, cloneElement, useState, type ComponentType, type ReactElement } from 'react'
import { latePart, lazyPart } from '../lib/lazyPart'
import type { DueProps } from './Due'
import type { MenuProps } from './Menu'
import type { PopoverProps } from './Popover'
import type { TipProps } from './Tip'

const loaders = [() => import('./Tip'), () => import('./Menu'), () => import('./Popover')] as const
const LazyTip = latePart(loaders[0])
const LazyMenu = latePart(loaders[1])
const LazyPopover = latePart(loaders[2])

export const Tip = (props: TipProps) => <Suspense fallback={props.children}><LazyTip {...props} /></Suspense>

type Opens = { trigger: ReactElement; open?: boolean; defaultOpen?: boolean; onOpenChange?: (open: boolean) => void }

/** A press on the bare trigger counts: what it opens stands open once it is here. */
function Late<P extends Opens>({ of: Part, props }: { of: ComponentType<P>; props: P }) {
  const [pressed, setPressed] = useState(false)
  const onClick = () => (props.open === undefined ? setPressed(true) : props.onOpenChange?.(true))
  return <Suspense fallback={cloneElement(props.trigger as ReactElement<{ onClick: () => void }>, { onClick })}><Part {...props} defaultOpen={pressed} /></Suspense>
}
export const Menu = (props: MenuProps) => <Late of={LazyMenu} props={props} />
export const Popover = (props: PopoverProps) => <Late of={LazyPopover} props={props} />
const LazyDue = lazyPart(() => import('./Due'))
export const Due = (props: DueProps) => <Suspense><LazyDue {...props} /></Suspense>
