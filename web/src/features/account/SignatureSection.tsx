import { useId, useState } from 'react'
import { api, ok } from '../../api/client'
import { sentence } from '../../api/errors'
import { refreshMe } from '../../api/queries/me'
import { toast } from '../../app/toasts'
import { t } from '../../strings'
import { words } from '../../strings/pages/account'
import { Button } from '../../ui'
import { Section } from '../../ui/Page'
import type { Account } from './AccountPage'

const MOST_CHARS = 2000

/** The text below one's replies. It is shown under each reply before it is sent. */
export function SignatureSection({ account }: { account: Account }) {
  const id = useId()
  const [text, setText] = useState(account.signature)
  const [problem, setProblem] = useState('')
  const save = async () => {
    try {
      setProblem('')
      await ok(api.PATCH('/v1/auth/me', { body: { signature: text } }))
      await refreshMe()
      toast({ title: t.app.saved })
    } catch (error) {
      setProblem(sentence(error))
    }
  }
  return (
    <Section title={words.signature} hint={words.signatureHint}>
      <form className="max-w-[26.25rem] space-y-2" onSubmit={(event) => { event.preventDefault(); void save() }}>
        <label htmlFor={id} className="sr-only">{words.signature}</label>
        <textarea
          id={id} dir="auto" rows={4} value={text} maxLength={MOST_CHARS} placeholder={words.signatureExample} onChange={(event) => setText(event.target.value)}
          className="block w-full resize-y rounded-md border border-line-strong bg-panel px-2.5 py-1.5 text-sm placeholder:text-fg-3 focus-visible:outline-2"
        />
        {problem && <p role="alert" className="text-xs text-critical">{problem}</p>}
        <Button type="submit" variant={text.trim() === account.signature ? 'outline' : 'primary'} disabled={text.trim() === account.signature}>{words.saveSignature}</Button>
      </form>
    </Section>
  )
}
