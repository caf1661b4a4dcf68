import { Toast } from '@base-ui/react/toast'
import { CircleAlert, X } from 'lucide-react'
import { useEffect } from 'react'
import { goOnTrying } from '../api/goingOn'
import { t } from '../strings'
import { Button, cx } from '../ui'
import { attachToasts, type ToastItem } from './toasts'

type Data = Pick<ToastItem, 'undo' | 'tone'>
const manager = Toast.createToastManager<Data>()

/** The corner with short messages. `z` undoes what the newest of them says. */
export default function Toasts() {
  useEffect(() => attachToasts((told) => {
    const { title, description, timeout = 6000, undo, tone } = told
    const id = manager.add({ title, description, timeout, onClose: told.onGone, data: { undo, tone } })
    told.leave = () => manager.close(id)
  }), [])
  // What is told in a page itself rather than here is loaded late too.
  useEffect(goOnTrying, [])
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport aria-label={t.app.notifications} className="fixed right-4 bottom-4 z-50 flex w-[min(22.5rem,calc(100vw-2rem))] flex-col-reverse gap-2 max-md:top-28 max-md:bottom-auto">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function List() {
  const { toasts } = Toast.useToastManager<Data>()
  return toasts.map((item) => (
    <Toast.Root key={item.id} toast={item} swipeDirection="right" className="flex items-center gap-3 rounded-lg border border-line bg-raised py-2 pr-2 pl-3.5 text-fg shadow-pop transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0">
      {item.data?.tone === 'error' && <CircleAlert size={15} aria-hidden className="shrink-0 text-critical" />}
      <div role={item.data?.tone === 'error' ? 'alert' : undefined} className="min-w-0 flex-1">
        <Toast.Title className="font-medium" />
        <Toast.Description className="text-xs text-fg-3" />
      </div>
      {item.data?.undo && <Button keys="z" onClick={item.data.undo}>{t.app.undo}</Button>}
      <Toast.Close aria-label={t.app.dismiss} className={cx('inline-flex size-7 shrink-0 items-center justify-center rounded-md text-fg-3 hover:bg-hover hover:text-fg pointer-coarse:size-11')}>
        <X size={14} aria-hidden />
      </Toast.Close>
    </Toast.Root>
  ))
}
