import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { words } from '../../strings/pages/firstRun'
import { Secret } from '../../ui/Secret'

const LINK = 'inline-flex min-h-6 items-center text-accent-text hover:underline'

/** How issues come in: sent by a program, or read from a file; with lines to copy. */
export function WaysIn() {
  const body = JSON.stringify({ subject: 'Checkout fails', body: 'Since this morning nobody can pay.', customer: { email: 'ada@example.com' } })
  const call = `curl ${location.origin}/v1/issues -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" -d '${body}'`
  return (
    <div className="space-y-6">
      <Way title={words.program} hint={words.programHint}>
        <Secret kind="command" label={words.copyOf(words.program)} value={call} />
        <p className="flex flex-wrap gap-x-4">
          <Link to="/admin/keys" className={LINK}>{words.makeKey}</Link>
          <a href="/openapi.json" target="_blank" rel="noreferrer" className={LINK}>{words.describe}</a>
        </p>
      </Way>
      <Way title={words.file} hint={words.fileHint}>
        <Secret kind="command" label={words.copyOf(words.file)} value="support-copilot import issues.csv" />
      </Way>
    </div>
  )
}

function Way({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  return (
    <section className="space-y-2">
      <h3 className="font-semibold">{title}</h3>
      <p className="text-fg-3">{hint}</p>
      {children}
    </section>
  )
}
