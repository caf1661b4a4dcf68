import { Download, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { api, ok } from '../../api/client'
import { ApiError, sentence } from '../../api/errors'
import { refreshMe } from '../../api/queries/me'
import type { EnrolmentOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { failed, toast } from '../../app/toasts'
import { words } from '../../strings/pages/account'
import { Badge, Button } from '../../ui'
import { Confirm } from '../../ui/Confirm'
import { TextField } from '../../ui/Field'
import { Section } from '../../ui/Page'
import { Secret } from '../../ui/Secret'
import type { Account } from './AccountPage'
import { QrCode } from './QrCode'

type Asking = 'begin' | 'codes' | 'remove'

/** The authenticator: set up with a code of it, recovery codes shown once, removed with the password. */
export function SecondFactorSection({ account }: { account: Account }) {
  const [asking, setAsking] = useState<Asking>()
  const [enrolment, setEnrolment] = useState<EnrolmentOut>()
  const [codes, setCodes] = useState<string[]>()
  const on = account.has_second_factor
  const body = (form: FormData) => ({ body: account.has_password ? { password: String(form.get('password')) } : {} })
  const steps: Record<Asking, (form: FormData) => Promise<void>> = {
    begin: async (form) => setEnrolment(await ok(api.POST('/v1/auth/totp', body(form)))),
    codes: async (form) => setCodes((await ok(api.POST('/v1/auth/recovery-codes', body(form)))).recovery_codes),
    remove: async (form) => {
      await ok(api.POST('/v1/auth/totp/remove', body(form)))
      toast({ title: words.factorRemoved })
      await refreshMe()
    },
  }
  const asks: Record<Asking, { title: string; action: string; hint?: string; danger?: boolean }> = {
    begin: { title: words.factor, action: words.factorBegin },
    codes: { title: words.codesNew, action: words.codesNew, hint: words.codesNewHint },
    remove: { title: words.factorRemoveTitle, action: words.factorRemove, hint: words.factorRemoveHint, danger: true },
  }
  const begin = () => {
    if (account.has_password) setAsking('begin')
    else void steps.begin(new FormData()).catch(failed)
  }
  useCommands(on
    ? [{ id: 'account.codes', label: words.codesNew, group: 'page', run: () => setAsking('codes') }]
    : [{ id: 'account.factor', label: `${words.factor}: ${words.factorBegin}`, group: 'page', run: begin }])
  const ask = asking && asks[asking]
  return (
    <Section title={words.factor} hint={words.factorHint}>
      {codes ? <RecoveryCodes codes={codes} onKept={() => { setCodes(undefined); void refreshMe() }} /> : enrolment ? (
        <Enrol enrolment={enrolment} onDone={(made) => { setEnrolment(undefined); setCodes(made) }} />
      ) : (
        <div className="flex flex-wrap items-center gap-2">
          {on ? <Badge tone="ok"><ShieldCheck size={12} aria-hidden />{words.factorOn}</Badge> : <Badge>{words.factorOff}</Badge>}
          {on && <span className={account.recovery_codes_left > 2 ? 'text-xs text-fg-3' : 'text-xs text-high'}>{words.codesLeft(account.recovery_codes_left)}</span>}
          <span className="flex flex-wrap gap-2 sm:ml-auto">
            {on && <Button onClick={() => setAsking('codes')}>{words.codesNew}</Button>}
            {on && <Button variant="danger" onClick={() => setAsking('remove')}>{words.factorRemove}</Button>}
            {!on && <Button variant="primary" onClick={begin}>{words.factorBegin}</Button>}
          </span>
        </div>
      )}
      {ask && (
        <Confirm title={ask.title} action={ask.action} danger={ask.danger ?? false} onConfirm={(form) => steps[asking](form).catch(plainly)} onClose={() => setAsking(undefined)}>
          {ask.hint && <p>{ask.hint}</p>}
          {account.has_password && <TextField label={words.askPassword} name="password" type="password" autoComplete="current-password" required maxLength={1000} />}
        </Confirm>
      )}
    </Section>
  )
}

/** Only the password was asked for here. */
const plainly = (error: unknown): never => {
  throw error instanceof ApiError && error.code === 'sign_in_failed' ? new Error(words.wrongPassword) : error
}

function Enrol({ enrolment, onDone }: { enrolment: EnrolmentOut; onDone: (codes: string[]) => void }) {
  const [problem, setProblem] = useState('')
  const confirm = async (code: string) => {
    try {
      setProblem('')
      onDone((await ok(api.POST('/v1/auth/totp/confirm', { body: { code } }))).recovery_codes)
    } catch (error) {
      setProblem(error instanceof ApiError && error.code === 'sign_in_failed' ? words.factorWrong : sentence(error))
    }
  }
  return (
    <div className="flex flex-col gap-5 sm:flex-row">
      <QrCode label={words.factorQr} text={enrolment.uri} />
      <div className="min-w-0 flex-1 space-y-3">
        <p className="text-fg-2">{words.factorScan}</p>
        <Secret label={words.factorSecret} value={enrolment.secret} />
        <a href={enrolment.uri} className="inline-block text-xs text-accent-text underline underline-offset-2 md:hidden">{words.factorOpen}</a>
        <form className="flex items-start gap-2" onSubmit={(event) => { event.preventDefault(); void confirm(String(new FormData(event.currentTarget).get('code'))) }}>
          <TextField className="w-40" label={words.factorCode} name="code" inputMode="numeric" autoComplete="one-time-code" pattern="\d{6}" maxLength={6} required error={problem || undefined} />
          <Button type="submit" variant="primary" large className="mt-[1.375rem]">{words.factorConfirm}</Button>
        </form>
      </div>
    </div>
  )
}

function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const text = codes.join('\n')
  return (
    <div className="space-y-3">
      <h3 className="font-medium">{words.codes}</h3>
      <p className="max-w-[60ch] text-xs text-fg-2">{words.codesHint}</p>
      <Secret label={words.codes} value={text} kind="lines" />
      <div className="flex flex-wrap gap-2">
        <a download="recovery-codes.txt" href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`} className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line bg-raised px-2.5 text-xs font-medium hover:bg-hover pointer-coarse:h-11">
          <Download size={13} aria-hidden />{words.codesSave}
        </a>
        <Button variant="primary" onClick={onKept}>{words.codesKept}</Button>
      </div>
    </div>
  )
}
