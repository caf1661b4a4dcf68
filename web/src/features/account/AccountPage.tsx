import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok } from '../../api/client'
import { ApiError, sentence } from '../../api/errors'
import { signInOptionsQuery } from '../../api/queries/account'
import { meQuery, refreshMe } from '../../api/queries/me'
import type { Me } from '../../api/session'
import { ErrorView } from '../../app/ErrorPage'
import { toast } from '../../app/toasts'
import { t } from '../../strings'
import { words } from '../../strings/pages/account'
import { Button, Skeleton } from '../../ui'
import { TextField } from '../../ui/Field'
import { Page, Section } from '../../ui/Page'
import { DisplaySection } from './DisplaySection'
import { NotificationsSection } from './NotificationsSection'
import { SecondFactorSection } from './SecondFactorSection'
import { SessionsSection } from './SessionsSection'
import { SignatureSection } from './SignatureSection'

/** Everything about oneself: name, ways in, sessions, and how this device shows the console. */
export function AccountPage() {
  const { data: me, error, refetch } = useQuery(meQuery)
  return (
    <Page title={t.app.pages.account}>
      {error ? <ErrorView error={error} onRetry={() => void refetch()} /> : me?.account ? (
        <>
          <ProfileSection me={me} account={me.account} />
          <SignatureSection account={me.account} />
          <NotificationsSection account={me.account} />
          <PasswordSection account={me.account} />
          <SecondFactorSection account={me.account} />
          <SessionsSection />
          <DisplaySection />
        </>
      ) : <Skeleton rows={8} className="p-0" />}
    </Page>
  )
}

export type Account = NonNullable<Me['account']>

function ProfileSection({ me, account }: { me: Me; account: Account }) {
  const client = useQueryClient()
  const [name, setName] = useState(me.name)
  const [problem, setProblem] = useState('')
  const save = async () => {
    try {
      setProblem('')
      await ok(api.PATCH('/v1/auth/me', { body: { name } }))
      await refreshMe()
      void client.invalidateQueries({ queryKey: ['people'] })
      toast({ title: t.app.saved })
    } catch (error) {
      setProblem((error instanceof ApiError && error.fields.name) || sentence(error))
    }
  }
  return (
    <Section title={words.profile} hint={words.profileHint}>
      <form className="max-w-[26.25rem] space-y-3" onSubmit={(event) => { event.preventDefault(); void save() }}>
        <div className="flex items-end gap-2">
          <TextField className="flex-1" label={words.name} autoComplete="name" required maxLength={200} value={name} error={problem || undefined} onChange={(event) => setName(event.target.value)} />
          {name.trim() !== me.name && <Button type="submit" variant="primary" large>{t.app.save}</Button>}
        </div>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-xs">
          {account.email && <><dt className="text-fg-3">{words.email}</dt><dd className="truncate">{account.email}</dd></>}
          {me.role && <><dt className="text-fg-3">{words.role}</dt><dd>{words.roles[me.role] ?? me.role}</dd></>}
        </dl>
        <p className="text-xs text-fg-3">{words.fixedByAdmin}</p>
      </form>
    </Section>
  )
}

function PasswordSection({ account }: { account: Account }) {
  const { data: options } = useQuery(signInOptionsQuery)
  const client = useQueryClient()
  const [problem, setProblem] = useState<{ field?: 'new_password' | undefined; text: string }>()
  const chars = options?.password_min_chars
  const change = async (form: HTMLFormElement) => {
    const given = new FormData(form)
    try {
      setProblem(undefined)
      const current = String(given.get('current') ?? '')
      await ok(api.POST('/v1/auth/password', { body: { new_password: String(given.get('new')), ...(account.has_password && { current_password: current }) } }))
      form.reset()
      await refreshMe()
      void client.invalidateQueries({ queryKey: ['sessions'] })
      toast({ title: words.passwordSet })
    } catch (error) {
      const ofNew = error instanceof ApiError ? (error.fields.new_password ?? error.fields.password) : undefined
      setProblem(ofNew ? { field: 'new_password', text: ofNew } : { text: sentence(error) })
    }
  }
  return (
    <Section title={words.password} hint={words.passwordHint}>
      <form className="max-w-[26.25rem] space-y-3" onSubmit={(event) => { event.preventDefault(); void change(event.currentTarget) }}>
        {account.email && <input type="text" hidden readOnly autoComplete="username" value={account.email} />}
        {account.has_password && <TextField label={words.currentPassword} name="current" type="password" autoComplete="current-password" required maxLength={1000} />}
        <TextField
          label={words.newPassword} name="new" type="password" autoComplete="new-password" required maxLength={1000} minLength={chars}
          hint={chars ? words.passwordChars(chars) : undefined} error={problem?.field && problem.text}
        />
        {problem && !problem.field && <p role="alert" className="text-xs text-critical">{problem.text}</p>}
        <Button type="submit">{account.has_password ? words.changePassword : words.setPassword}</Button>
      </form>
    </Section>
  )
}
