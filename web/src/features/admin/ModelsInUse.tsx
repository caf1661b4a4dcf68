import { CirclePause, CirclePlay, Stethoscope } from 'lucide-react'
import { useState } from 'react'
import { sentence } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import { useCheckModel, usePauseModels } from '../../api/queries/models'
import type { ModelsInUse, ProviderOut } from '../../api/schema'
import { failed, toast } from '../../app/toasts'
import { weekdayTime } from '../../lib/moments'
import { locale } from '../../strings'
import { words } from '../../strings/pages/models'
import { Badge, Button } from '../../ui'
import { Confirm } from '../../ui/Confirm'
import { TextField } from '../../ui/Field'
import { Section } from '../../ui/Page'
import { Table, type Column } from '../../ui/Table'

const MOST_REASON_CHARS = 200
const whole = (value: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(value)

/** Whether models may be asked at all, and the one thing that an admin changes here: that nobody is asked any more. */
export function Pause({ use }: { use: ModelsInUse }) {
  const may = useMay('models.manage')
  const [asking, setAsking] = useState(false)
  const pause = usePauseModels()
  const resume = () => pause.mutate({ paused: false }, { onSuccess: () => toast({ title: words.resumed }), onError: failed })
  if (use.pause) {
    const { by, by_name, since, reason } = use.pause
    return (
      <div role="status" className="flex items-center gap-3 rounded-lg bg-medium-soft px-4 py-3 text-sm text-medium max-md:flex-col max-md:items-stretch">
        <CirclePause size={16} aria-hidden className="shrink-0 max-md:hidden" />
        <p className="min-w-0 flex-1"><strong className="font-semibold">{words.pausedBy(by_name ?? by, weekdayTime(new Date(since)))}</strong>{' '}{reason && <><q dir="auto" className="break-words">{reason}</q>. </>}{words.pausedHint}</p>
        {may && <Button disabled={pause.isPending} onClick={resume}><CirclePlay size={13} aria-hidden />{words.resume}</Button>}
      </div>
    )
  }
  if (!may || use.providers.length === 0) return null
  return (
    <>
      <Button onClick={() => setAsking(true)}><CirclePause size={13} aria-hidden />{words.pause}</Button>
      {asking && (
        <Confirm
          title={words.pauseTitle} action={words.pauseDo} danger onClose={() => setAsking(false)}
          onConfirm={(form) => pause.mutateAsync({ paused: true, reason: String(form.get('reason')).trim() || null })}
        >
          <p>{words.pauseHint}</p>
          <TextField label={words.reason} name="reason" maxLength={MOST_REASON_CHARS} autoComplete="off" hint={words.reasonHint} />
        </Confirm>
      )}
    </>
  )
}

/** Each provider in use: its model, how it did of late, and a button that asks it for one word. */
export function Providers({ use }: { use: ModelsInUse }) {
  const may = useMay('models.manage')
  const columns: Column<ProviderOut>[] = [
    { id: 'provider', title: words.provider, cell: (one) => <span className="grid py-1"><span className="font-medium break-all">{one.name}</span><span className="text-xs break-all text-fg-3 md:hidden">{one.model}</span></span> },
    { id: 'model', title: words.model, from: 'md', cell: (one) => <span className="break-all">{one.model}</span> },
    { id: 'state', title: words.state, cell: (one) => <State provider={one} paused={use.pause !== null} /> },
    ...(may ? [{ id: 'check', title: words.check, quiet: true, className: 'text-right md:w-72', cell: (one: ProviderOut) => <Check provider={one} /> }] : []),
  ]
  if (use.providers.length === 0) return null
  return <Section title={words.providers} hint={words.providersHint}><Table label={words.providers} columns={columns} rows={use.providers} keyOf={(one) => one.name} /></Section>
}

function State({ provider: { state, retry_in_s }, paused }: { provider: ProviderOut; paused: boolean }) {
  if (paused) return <Badge tone="medium">{words.states.paused}</Badge>
  if (state === 'ok') return <Badge tone="ok">{words.states.ok}</Badge>
  return <Badge tone="critical">{state === 'trying' ? words.states.trying : words.leftAlone(whole(Math.ceil(retry_in_s)))}</Badge>
}

function Check({ provider: { name } }: { provider: ProviderOut }) {
  const check = useCheckModel()
  const found = check.data
  const said = check.error ? sentence(check.error) : found && (found.answers ? words.answers(whole(found.first_token_ms ?? 0)) : (words.problems[found.code ?? ''] ?? found.problem))
  return (
    <div className="grid justify-items-end gap-1 py-1">
      <Button aria-label={words.checkOf(name)} disabled={check.isPending} onClick={() => check.mutate(name)}><Stethoscope size={12} aria-hidden />{check.isPending ? words.checking : words.check}</Button>
      <p role="status" className={found?.answers ? 'text-xs text-ok' : 'max-w-[34ch] text-xs text-balance text-critical'}>{!check.isPending && said}</p>
    </div>
  )
}
