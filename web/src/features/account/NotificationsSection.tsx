import { useState } from 'react'
import { api, ok } from '../../api/client'
import { refreshMe } from '../../api/queries/me'
import { setOnDesktop, showsOnDesktop, type News } from '../../app/news'
import { failed } from '../../app/toasts'
import { words } from '../../strings/pages/account'
import { CheckRow } from '../../ui/CheckRow'
import { Switch } from '../../ui/Field'
import { Section } from '../../ui/Page'
import type { Account } from './AccountPage'

const KINDS: readonly News[] = ['assigned', 'reply', 'critical', 'mention']

/** Of what the console tells by itself, wherever one signs in; and whether this device shows it on the desktop. */
export function NotificationsSection({ account }: { account: Account }) {
  const [chosen, setChosen] = useState<readonly News[]>(account.notifications)
  const [desktop, setDesktop] = useState(showsOnDesktop)
  const [denied, setDenied] = useState(() => 'Notification' in window && Notification.permission === 'denied')
  const toggle = (kind: News) => {
    const next = KINDS.filter((one) => (one === kind ? !chosen.includes(one) : chosen.includes(one)))
    setChosen(next)
    ok(api.PATCH('/v1/auth/me', { body: { notifications: next } })).then(() => refreshMe(), (error: unknown) => { setChosen(chosen); failed(error) })
  }
  const ask = (on: boolean) => {
    setOnDesktop(on).then((shown) => { setDesktop(shown); setDenied(Notification.permission === 'denied') }, failed)
  }
  return (
    <Section title={words.notifications} hint={words.notificationsHint}>
      <div className="max-w-[26.25rem] space-y-4">
        <fieldset>
          <legend className="sr-only">{words.notifications}</legend>
          {KINDS.map((kind) => <CheckRow key={kind} label={words.news[kind]} checked={chosen.includes(kind)} onChange={() => toggle(kind)} />)}
        </fieldset>
        {'Notification' in window && <Switch label={words.desktop} hint={denied ? words.desktopDenied : words.desktopHint} checked={desktop} onChange={ask} />}
      </div>
    </Section>
  )
}
