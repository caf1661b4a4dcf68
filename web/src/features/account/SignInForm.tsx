import { useEffect, useRef, useState } from 'react'
import { ApiError, sentence } from '../../api/errors'
import { signIn } from '../../api/door'
import { isAhead, relative } from '../../lib/moments'
import { useTick } from '../../lib/useTick'
import { words } from '../../strings/pages/auth'
import { Button } from '../../ui'
import { TextField } from '../../ui/Field'

/** E-mail and password, and the second factor where the server asks for one. */
export function SignInForm({ onDone, email = '' }: { onDone: () => void; email?: string }) {
  const [factor, setFactor] = useState<'none' | 'code' | 'recovery_code'>('none')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const [lockedUntil, setLockedUntil] = useState<string | null>(null)
  const locked = isAhead(lockedUntil)
  useTick(locked ? 1000 : undefined)
  const form = useRef<HTMLFormElement>(null)
  // What is asked for next is written next.
  const next = factor !== 'none' ? factor : email ? 'password' : 'email'
  useEffect(() => form.current?.querySelector<HTMLElement>(`[name=${next}]`)?.focus(), [next])
  const submit = async (form: FormData) => {
    setBusy(true)
    setProblem('')
    const text = (name: string) => String(form.get(name) ?? '').trim() || undefined
    try {
      await signIn({ email: text('email') ?? '', password: String(form.get('password') ?? ''), code: text('code'), recovery_code: text('recovery_code') })
      onDone()
    } catch (error) {
      if (error instanceof ApiError && error.code === 'second_factor_required') return setFactor('code')
      setProblem(error instanceof ApiError && error.code === 'sign_in_failed' ? words.wrong[factor] : sentence(error))
      if (error instanceof ApiError && error.retryAfterS) setLockedUntil(new Date(Date.now() + error.retryAfterS * 1000).toISOString())
    } finally {
      setBusy(false)
    }
  }
  return (
    <form ref={form} className="space-y-3" onSubmit={(event) => { event.preventDefault(); void submit(new FormData(event.currentTarget)) }}>
      <TextField label={words.email} name="email" type="email" autoComplete="username" required maxLength={320} defaultValue={email} />
      <TextField label={words.password} name="password" type="password" autoComplete="current-password" required maxLength={1000} />
      {factor === 'code' && <TextField label={words.code} name="code" inputMode="numeric" autoComplete="one-time-code" pattern="\d{6}" required hint={words.codeHint} />}
      {factor === 'recovery_code' && <TextField label={words.recovery} name="recovery_code" autoComplete="off" required />}
      {problem && <p role="alert" className="text-xs text-critical">{problem}</p>}
      {locked && lockedUntil && <p className="text-xs text-fg-2">{words.lockedUntil(relative(lockedUntil))}</p>}
      <Button type="submit" variant="primary" large className="w-full" disabled={busy || locked}>{busy ? words.busy : words.submit}</Button>
      {factor !== 'none' && (
        <Button variant="ghost" className="w-full" onClick={() => { setProblem(''); setFactor(factor === 'code' ? 'recovery_code' : 'code') }}>
          {factor === 'code' ? words.useRecovery : words.useCode}
        </Button>
      )}
      {factor === 'none' && <p className="text-xs text-fg-3">{words.forgot}</p>}
    </form>
  )
}
