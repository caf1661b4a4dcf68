/** Parts that nobody needs for the first paint. Until they are here, the bare trigger stands in their place. */
import { Suspense, lazy } from 'react'
import type { DueProps } from './Due'
import type { MenuProps } from './Menu'
import type { PopoverProps } from './Popover'
import type { TipProps } from './Tip'

const loaders = [() => import('./Tip'), () => import('./Menu'), () => import('./Popover')] as const
const LazyTip = lazy(loaders[0])
const LazyMenu = lazy(loaders[1])
const LazyPopover = lazy(loaders[2])

export const Tip = (props: TipProps) => <Suspense fallback={props.children}><LazyTip {...props} /></Suspense>
export const Menu = (props: MenuProps) => <Suspense fallback={props.trigger}><LazyMenu {...props} /></Suspense>
export const Popover = (props: PopoverProps) => <Suspense fallback={props.trigger}><LazyPopover {...props} /></Suspense>
const LazyDue = lazy(() => import('./Due'))
export const Due = (props: DueProps) => <Suspense><LazyDue {...props} /></Suspense>
