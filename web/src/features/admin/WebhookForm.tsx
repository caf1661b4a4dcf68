import { useState } from 'react'
import { ApiError, sentence } from '../../api/errors'
import { useAddWebhook, useWebhook } from '../../api/queries/webhooks'
import type { WebhookIn, WebhookMade, WebhookOut } from '../../api/schema'
import { toast } from '../../app/toasts'
import { words } from '../../strings/pages/webhooks'
import { Button } from '../../ui'
import { CheckRow } from '../../ui/CheckRow'
import Dialog from '../../ui/Dialog'
import { Switch, TextField } from '../../ui/Field'
import { eventName } from './WebhookState'

type Event = WebhookIn['events'][number]
const EVENTS: readonly Event[] = ['issue.created', 'issue.critical', 'issue.resolved', 'issue.reopened', 'issue.merged', 'issue.unmerged', 'message.created', 'summary.created']
const MOST_URL_CHARS = 2000

/** Makes a webhook; the secret that comes of it is shown by the page, which outlives this. */
export function NewWebhook({ onMade, onClose }: { onMade: (made: WebhookMade) => void; onClose: () => void }) {
  const { mutate, error, isPending } = useAddWebhook()
  const [key] = useState(() => crypto.randomUUID())
  const [body, setBody] = useState<WebhookIn>({ name: '', url: '', events: ['issue.critical'] })
  const submit = () => mutate({ ...body, key }, { onSuccess: (made) => { onMade(made); onClose() } })
  return (
    <Form title={words.add} body={body} onChange={setBody} error={error} onSubmit={submit} onClose={onClose}>
      <Button type="submit" variant="primary" large disabled={isPending || body.events.length === 0}>{words.make}</Button>
    </Form>
  )
}

export function EditWebhook({ hook, onClose }: { hook: WebhookOut; onClose: () => void }) {
  const { edit } = useWebhook(hook)
  const [body, setBody] = useState<WebhookIn>({ name: hook.name, url: hook.url, events: hook.events })
  const [enabled, setEnabled] = useState(hook.enabled)
  const submit = () => edit.mutate({ ...body, enabled }, { onSuccess: () => { toast({ title: words.saved }); onClose() } })
  return (
    <Form title={words.editOf(hook.name)} body={body} onChange={setBody} error={edit.error} onSubmit={submit} onClose={onClose}>
      <Switch label={words.switchedOn} hint={words.switchedOnHint} checked={enabled} onChange={setEnabled} />
      <Button type="submit" variant="primary" large disabled={edit.isPending || body.events.length === 0}>{words.save}</Button>
    </Form>
  )
}

type FormProps = { title: string; body: WebhookIn; onChange: (body: WebhookIn) => void; error: unknown; onSubmit: () => void; onClose: () => void; children: React.ReactNode }

function Form({ title, body, onChange, error, onSubmit, onClose, children }: FormProps) {
  const fields = error instanceof ApiError ? error.fields : {}
  const toggle = (event: Event) => onChange({ ...body, events: EVENTS.filter((one) => (one === event) !== body.events.includes(one)) })
  return (
    <Dialog open onOpenChange={onClose} kind="side" title={title}>
      <form className="space-y-4 p-4" onSubmit={(event) => { event.preventDefault(); onSubmit() }}>
        <TextField label={words.name} name="name" required maxLength={200} autoComplete="off" hint={words.nameHint} value={body.name} error={fields.name} onChange={(event) => onChange({ ...body, name: event.target.value })} />
        <TextField label={words.url} name="url" type="url" required maxLength={MOST_URL_CHARS} autoComplete="off" placeholder={words.urlStart} hint={words.urlHint} value={body.url} error={fields.url} onChange={(event) => onChange({ ...body, url: event.target.value })} />
        <fieldset>
          <legend className="mb-1 text-xs font-medium text-fg-2">{words.events}</legend>
          <div className="rounded-md border border-line p-1.5">
            {EVENTS.map((event) => <CheckRow key={event} label={<span className="grid py-0.5 text-xs">{eventName(event)}<code className="font-mono text-2xs text-fg-3">{event}</code></span>} checked={body.events.includes(event)} onChange={() => toggle(event)} />)}
          </div>
          {body.events.length === 0 && <p role="status" className="mt-1 text-xs text-fg-3">{words.chooseOne}</p>}
        </fieldset>
        {Boolean(error) && !fields.name && !fields.url && <p role="alert" className="text-xs text-critical">{sentence(error)}</p>}
        {children}
      </form>
    </Dialog>
  )
}
