import { ShieldCheck } from 'lucide-react'
import { sentence } from '../../api/errors'
import type { VerificationOut } from '../../api/schema'
import { said } from '../../lib/reasons'
import { locale } from '../../strings'
import { words } from '../../strings/pages/audit'
import { Banner } from '../../ui'

/** What a walk along the trail found. */
export function TrailState({ state, error }: { state: VerificationOut | undefined; error: unknown }) {
  if (error) return <div className="mb-4 overflow-hidden rounded-lg"><Banner tone="error">{sentence(error)}</Banner></div>
  if (!state) return null
  const events = new Intl.NumberFormat(locale).format(state.events)
  return (
    <div className="mb-4 space-y-1 rounded-lg border border-line px-4 py-3">
      {state.whole
        ? <p role="status" className="flex items-center gap-2 font-medium text-ok"><ShieldCheck size={15} aria-hidden />{words.whole(events)}</p>
        : <p role="alert" className="font-medium text-critical">{words.broken(state.findings.length)}</p>}
      {!state.guarded && <p className="text-xs text-high">{words.unguarded}</p>}
      <ul className="text-xs text-fg-2">
        {state.findings.slice(0, 20).map((finding) => <li key={`${finding.kind}${finding.seq}`}>{words.findings[finding.kind] ?? finding.kind} {words.findingAt(finding.seq)}: {said(finding.detail, finding.detail_code)}</li>)}
      </ul>
      <p className="text-xs break-all text-fg-3"><code className="font-mono">{words.head(state.head.seq, state.head.hash)}</code><br />{words.headHint}</p>
    </div>
  )
}
