import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { api, ok } from '../../api/client'
import { sentence } from '../../api/errors'
import { queryClient } from '../../api/queryClient'
import { signInOptionsQuery } from '../../api/queries/account'
import { refreshMe } from '../../api/queries/me'
import { signInRoute } from '../../routes'
import { t } from '../../strings'
import { words } from '../../strings/pages/auth'
import { Button, Skeleton } from '../../ui'
import { TextField } from '../../ui/Field'
import { SignInForm } from './SignInForm'

/** The first page: for people who have an account. */
export function SignInPage() {
  const { next, problem } = signInRoute.useSearch()
  const navigate = useNavigate()
  const { data: options } = useQuery(signInOptionsQuery)
  const [arrived] = useState(takeArrival)
  const told = problem && ((words.problems as Record<string, string>)[problem] ?? words.problems.other)
  return (
    <Door title={words.title}>
      {told && <p role="alert" className="mb-3 rounded-md bg-critical-soft px-3 py-2 text-xs text-critical">{told}</p>}
      {arrived && <p role="status" className="mb-3 rounded-md bg-ok-soft px-3 py-2 text-xs text-ok">{words.passwordSet}</p>}
      {options?.setup_needed
        ? <p className="rounded-md bg-accent-soft px-3 py-2 text-xs text-accent-text">{words.setupNeeded}</p>
        : <SignInForm email={arrived?.email ?? ''} onDone={() => { forgetRefusals(); void navigate({ href: next ?? '/', replace: true }) }} />}
      {options?.provider && (
        <a href="/v1/auth/oidc/start" className="mt-3 flex h-8 items-center justify-center rounded-md border border-line bg-raised text-sm font-medium hover:bg-hover">{options.provider}</a>
      )}
    </Door>
  )
}

/** Who has just set a password; the address is in no address bar. */
let arrival: { email: string } | undefined
const takeArrival = () => {
  const taken = arrival
  arrival = undefined
  return taken
}

/** What was asked before anybody had signed in was refused; who has signed in asks anew. */
const forgetRefusals = (): void => queryClient.removeQueries()

/** The first run: makes the administrator with the link that the server printed. */
export function SetupPage() {
  return <TokenDoor kind="setup" />
}

/** A new password, with a link that was sent or printed. */
export function ResetPage() {
  return <TokenDoor kind="reset" />
}

function TokenDoor({ kind }: { kind: 'setup' | 'reset' }) {
  // The part behind # is sent to nobody; it is taken out of the address at once.
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? '')
  const navigate = useNavigate()
  const [problem, setProblem] = useState('')
  const { data: options } = useQuery(signInOptionsQuery)
  const purpose = kind === 'setup' ? 'setup' as const : 'password_reset' as const
  const { data: link, error: refusal, isPending } = useQuery({
    queryKey: ['link', kind], enabled: Boolean(token), retry: false, staleTime: Infinity,
    queryFn: () => ok(api.POST('/v1/auth/links/check', { body: { token, purpose } })),
  })
  useEffect(() => history.replaceState(history.state, '', location.pathname), [])
  const submit = async (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? '')
    try {
      if (kind === 'setup') {
        await ok(api.POST('/v1/auth/setup', { body: { token, name: text('name'), email: text('email'), password: text('password') } }))
        await refreshMe()
        forgetRefusals()
      } else {
        await ok(api.POST('/v1/auth/password/reset', { body: { token, password: text('password') } }))
        arrival = { email: link?.email ?? '' }
      }
      void navigate({ to: kind === 'setup' ? '/' : '/sign-in', replace: true })
    } catch (error) {
      setProblem(sentence(error))
    }
  }
  const title = kind === 'setup' ? words.setupTitle : words.resetTitle
  if (!token || refusal) {
    return (
      <Door title={title}>
        <p role="alert" className="text-critical">{refusal ? sentence(refusal) : words.linkCut}</p>
        <p className="mt-2 text-fg-2">{kind === 'setup' ? words.setupAgain : words.resetAgain}</p>
        <Link to="/sign-in" className="mt-4 flex h-8 items-center justify-center rounded-md border border-line bg-raised text-sm font-medium hover:bg-hover pointer-coarse:h-11">{words.toSignIn}</Link>
      </Door>
    )
  }
  // Nobody fills in a form whose link turns out to be used.
  if (isPending) return <Door title={title}><Skeleton rows={4} className="p-0" /></Door>
  return (
    <Door title={title} hint={link?.name ? words.resetFor(link.name, link.email ?? '') : kind === 'setup' ? words.setupHint : undefined}>
      <form className="space-y-3" onSubmit={(event) => { event.preventDefault(); void submit(new FormData(event.currentTarget)) }}>
        {kind === 'setup' && (
          <>
            <TextField label={words.name} name="name" autoComplete="name" required maxLength={200} />
            <TextField label={words.email} name="email" type="email" autoComplete="username" required maxLength={320} />
          </>
        )}
        <TextField
          label={words.newPassword} name="password" type="password" autoComplete="new-password" required maxLength={1000}
          {...(options && { minLength: options.password_min_chars, hint: words.passwordHint(options.password_min_chars) })}
        />
        {problem && <p role="alert" className="text-xs text-critical">{problem}</p>}
        <Button type="submit" variant="primary" large className="w-full">{kind === 'setup' ? words.setupDo : words.resetDo}</Button>
      </form>
    </Door>
  )
}

function Door({ title, hint, children }: { title: string; hint?: string | undefined; children: ReactNode }) {
  useEffect(() => { document.title = `${title} · ${t.app.product}` }, [title])
  return (
    <main className="flex h-full flex-col items-center overflow-y-auto px-4 pt-[14vh] pb-8">
      <img src="/icon.svg" alt="" width={40} height={40} />
      <h1 className="mt-4 text-lg font-semibold">{title}</h1>
      {hint && <p className="mt-1 max-w-[40ch] text-center text-fg-3">{hint}</p>}
      <div className="mt-6 w-full max-w-[21.25rem] rounded-xl border border-line bg-panel p-5">{children}</div>
    </main>
  )
}
