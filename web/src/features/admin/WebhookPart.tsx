import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronLeft, CirclePause, CirclePlay, Send } from 'lucide-react'
import { useState } from 'react'
import { sentence } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import { useWebhook, webhookQuery } from '../../api/queries/webhooks'
import type { WebhookMade, WebhookOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { failed, toast } from '../../app/toasts'
import { relative } from '../../lib/moments'
import { dateTime } from '../../lib/time'
import { webhookRoute } from '../../routes'
import { words } from '../../strings/pages/webhooks'
import { Badge, Button, Skeleton } from '../../ui'
import { Confirm } from '../../ui/Confirm'
import { TextField } from '../../ui/Field'
import { Section } from '../../ui/Page'
import { Deliveries } from './Deliveries'
import { EditWebhook } from './WebhookForm'
import { WebhookSecret } from './WebhookSecret'
import { eventName, problemOf, WebhookState } from './WebhookState'

/** One webhook: what it is told, whether it takes it, and what was sent to it. */
export function WebhookPart() {
  const { webhookId } = webhookRoute.useParams()
  const { data: hook, error, refetch } = useQuery(webhookQuery(webhookId))
  return (
    <div className="max-w-[67.5rem]">
      <Link to="/admin/channels" className="mb-3 inline-flex min-h-6 items-center gap-1 rounded-sm text-fg-2 hover:text-fg hover:underline"><ChevronLeft size={14} aria-hidden />{words.back}</Link>
      {error ? <ErrorView error={error} onRetry={() => void refetch()} /> : hook ? <One hook={hook} /> : <Skeleton className="p-0" />}
    </div>
  )
}

function One({ hook }: { hook: WebhookOut }) {
  const manages = useMay('webhooks.manage')
  const until = hook.previous_secret_until
  return (
    <>
      <div className="mb-6 space-y-3">
        <div className="flex flex-wrap items-center gap-2"><h2 dir="auto" className="text-lg font-semibold break-words">{hook.name}</h2><WebhookState hook={hook} /></div>
        <code className="block font-mono text-xs break-all text-fg-2">{hook.url}</code>
        <p className="flex flex-wrap gap-1.5">{hook.events.map((event) => <Badge key={event}>{eventName(event)}</Badge>)}</p>
        {until && <p className="text-xs text-fg-3">{words.overlapUntil(dateTime(until))}</p>}
        <Trouble hook={hook} manages={manages} />
        {manages && <Actions hook={hook} />}
      </div>
      <Section title={words.deliveries} hint={words.deliveriesHint}><Deliveries hook={hook} /></Section>
    </>
  )
}

/** That it fails, or was paused for it, and the way out. */
function Trouble({ hook, manages }: { hook: WebhookOut; manages: boolean }) {
  const { resume } = useWebhook(hook)
  const go = () => resume.mutate(undefined, { onSuccess: () => toast({ title: words.resumed }), onError: failed })
  if (hook.paused_at) {
    const said = hook.paused_reason === 'gone' ? words.pausedGone : words.pausedFailing
    return (
      <div role="status" className="flex items-center gap-3 rounded-lg bg-medium-soft px-4 py-3 text-sm text-medium max-md:flex-col max-md:items-stretch">
        <CirclePause size={16} aria-hidden className="shrink-0 max-md:hidden" />
        <p className="min-w-0 flex-1">{said(relative(hook.paused_at))}</p>
        {manages && <Button disabled={resume.isPending} onClick={go}><CirclePlay size={13} aria-hidden />{words.resume}</Button>}
      </div>
    )
  }
  return hook.failing_since ? <p role="status" className="text-sm text-medium">{words.failingSince(dateTime(hook.failing_since))}</p> : null
}

function Actions({ hook }: { hook: WebhookOut }) {
  const navigate = useNavigate()
  const { test, rotate, remove } = useWebhook(hook)
  const [asking, setAsking] = useState<'edit' | 'rotate' | 'remove'>()
  const [made, setMade] = useState<WebhookMade>()
  const close = () => setAsking(undefined)
  const found = test.data
  const said = test.error ? sentence(test.error) : found && (found.status === 'delivered' ? words.answered(found.status_code ?? 0, found.duration_ms ?? 0) : words.notTaken(problemOf(found) ?? ''))
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" disabled={test.isPending} onClick={() => test.mutate()}><Send size={13} aria-hidden />{test.isPending ? words.testing : words.test}</Button>
        <Button onClick={() => setAsking('edit')}>{words.edit}</Button>
        <Button onClick={() => setAsking('rotate')}>{words.rotate}</Button>
        <Button variant="danger" onClick={() => setAsking('remove')}>{words.remove}</Button>
      </div>
      <p role="status" className={found?.status === 'delivered' ? 'text-sm text-ok' : 'text-sm text-critical'}>{!test.isPending && said}</p>
      {asking === 'edit' && <EditWebhook hook={hook} onClose={close} />}
      {asking === 'rotate' && (
        <Confirm title={words.rotateOf(hook.name)} action={words.rotate} onClose={close} onConfirm={(form) => rotate.mutateAsync(Number(form.get('hours'))).then(setMade)}>
          <p>{words.rotateHint}</p>
          <TextField label={words.overlap} name="hours" type="number" min={0} max={720} defaultValue={24} required />
        </Confirm>
      )}
      {asking === 'remove' && (
        <Confirm title={words.removeOf(hook.name)} action={words.remove} danger onClose={close} onConfirm={() => remove.mutateAsync().then(() => { toast({ title: words.removed }); return navigate({ to: '/admin/channels' }) })}>
          <p>{words.removeHint}</p>
        </Confirm>
      )}
      {made && <WebhookSecret made={made} onClose={() => setMade(undefined)} />}
    </>
  )
}
