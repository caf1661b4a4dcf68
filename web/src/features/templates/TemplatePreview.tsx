import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { sentence } from '../../api/errors'
import { recentIssuesQuery, textPreviewQuery } from '../../api/queries/templateEditor'
import type { TemplateOut } from '../../api/schema'
import { findBlanks, markerOf } from '../../lib/placeholders'
import { words } from '../../strings/pages/templates'
import { Badge } from '../../ui'
import { SelectField } from '../../ui/Field'
import { useLater } from '../../lib/useLater'

/** How the text reads on a real issue, as it is typed; what is not known there is marked. */
export function TemplatePreview({ body, template }: { body: string; template: TemplateOut | undefined }) {
  const { data: issues } = useQuery(recentIssuesQuery)
  const [chosen, setChosen] = useState<string>()
  const issueId = chosen ?? issues?.[0]?.id ?? ''
  const text = useLater(useDeferredValue(body), 300)
  const { data, error } = useQuery(textPreviewQuery(text, issueId || undefined))
  const options = [...(issues ?? []).map((issue) => ({ value: issue.id, label: `${issue.customer?.name ?? ''} · ${issue.subject}` })), { value: '', label: words.nobody }]
  return (
    <section aria-label={words.preview} className="min-w-0 space-y-3">
      <SelectField label={words.previewOn} options={options} value={issueId} onChange={(event) => setChosen(event.target.value)} />
      <div className="min-h-48 rounded-lg border border-line bg-canvas px-4 py-3">
        {!text.trim() ? <p className="text-fg-3">{words.nothingYet}</p> : error ? <p role="alert" className="text-critical">{sentence(error)}</p> : data && (
          <p dir="auto" className="max-w-[68ch] text-base break-words whitespace-pre-wrap"><Marked text={data.text} missing={data.missing} /></p>
        )}
      </div>
      {data && data.missing.length > 0 && (
        <p className="flex flex-wrap items-center gap-1.5 text-xs text-fg-3">{words.missing}{data.missing.map((name) => <Badge key={name} tone="medium">{name}</Badge>)}</p>
      )}
      {template && (
        <dl aria-label={words.figures} className="grid grid-cols-4 gap-px overflow-hidden rounded-lg border border-line bg-line">
          {([['used', words.used], ['accepted', words.sent], ['edited', words.edited], ['rejected', words.rejected]] as const).map(([key, name]) => (
            <div key={key} className="bg-panel px-3 py-2"><dt className="text-2xs text-fg-3">{name}</dt><dd data-number className="text-lg font-semibold">{template.figures[key]}</dd></div>
          ))}
        </dl>
      )}
    </section>
  )
}

function Marked({ text, missing }: { text: string; missing: readonly string[] }) {
  const blanks = findBlanks(text, missing.map(markerOf))
  const pieces = blanks.flatMap((blank, index) => [
    text.slice(blanks[index - 1]?.end ?? 0, blank.start),
    <mark key={blank.start}>{text.slice(blank.start, blank.end)}</mark>,
  ])
  return [...pieces, text.slice(blanks.at(-1)?.end ?? 0)]
}
