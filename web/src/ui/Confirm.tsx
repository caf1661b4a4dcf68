import { useState, type FormEvent, type ReactNode } from 'react'
import { sentence } from '../api/errors'
import { t } from '../strings'
import { Button } from '.'
import Dialog from './Dialog'

type Props = {
  title: string
  /** What will happen, in a sentence or two. */
  children: ReactNode
  action: string
  danger?: boolean
  /** What was typed or chosen inside comes as the form's data. A failure is told here, and the dialog stays. */
  onConfirm: (form: FormData) => Promise<unknown>
  onClose: () => void
}

/** It may be asked from within a form, which must not take the answer for its own. */
function ownSubmit(event: FormEvent): void {
  event.preventDefault()
  event.stopPropagation()
}

/** Asks before what cannot be taken back. */
export function Confirm({ title, children, action, danger, onConfirm, onClose }: Props) {
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async (form: FormData) => {
    setBusy(true)
    setProblem('')
    try {
      await onConfirm(form)
      onClose()
    } catch (error) {
      setProblem(sentence(error))
      setBusy(false)
    }
  }
  return (
    <Dialog open onOpenChange={onClose} title={title} className="!w-[min(27.5rem,94vw)]">
      <form className="space-y-4 p-4" onSubmit={(event) => { ownSubmit(event); void submit(new FormData(event.currentTarget)) }}>
        <div className="space-y-3 text-fg-2">{children}</div>
        {problem && <p role="alert" className="text-xs text-critical">{problem}</p>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" variant={danger ? 'danger' : 'primary'} disabled={busy}>{action}</Button>
        </div>
      </form>
    </Dialog>
  )
}
