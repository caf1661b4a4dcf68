import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { sentence } from '../../api/errors'
import { recentIssuesQuery, textPreviewQuery } from '../../api/queries/templateEditor'
import type { TemplateOut } from '../../api/schema'
import { words } from '../../strings/pages/templates'
import { Badge, Button } from '../../ui'
import { Blanks } from '../../ui/Blanks'
import { SelectField } from '../../ui/Field'
import { useLater } from '../../lib/useLater'

/** How the text reads on a real issue, as it is typed; what is not known there is marked. */
export function TemplatePreview({ body, template, onReplace }: { body: string; template: TemplateOut | undefined; onReplace?: ((name: string, by: string) => void) | undefined }) {
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
          <p dir="auto" className="max-w-[68ch] text-base break-words whitespace-pre-wrap"><Blanks text={data.text} missing={data.missing} /></p>
        )}
      </div>
      {data?.unknown.map((one) => <Unknown key={one.name} {...one} onReplace={onReplace} />)}
      {data && data.missing.length > data.unknown.length && (
        <p className="flex flex-wrap items-center gap-1.5 text-xs text-fg-3">{words.missing}{data.missing.filter((name) => !data.unknown.some((one) => one.name === name)).map((name) => <Badge key={name} tone="medium">{name}</Badge>)}</p>
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

/** A placeholder that there is not: said while it is written, with those that it may be meant to be. */
function Unknown({ name, near, onReplace }: { name: string; near: readonly string[]; onReplace: ((name: string, by: string) => void) | undefined }) {
  return (
    <div role="status" className="flex flex-wrap items-center gap-1.5 rounded-lg bg-high-soft px-3 py-2 text-xs text-high">
      <span className="min-w-0 break-words">{words.noPlaceholder(name)}{near.length > 0 && ` ${words.meant}`}</span>
      {near.map((one) => (onReplace ? <Button key={one} aria-label={words.replaceBy(name, one)} onClick={() => onReplace(name, one)}>{one}</Button> : <Badge key={one}>{one}</Badge>))}
    </div>
  )
}
