import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type KeyboardEvent, type ReactElement } from 'react'
import { panelQuery } from '../../api/queries/panel'
import { previewQuery, templatesQuery } from '../../api/queries/templates'
import { markerOf } from '../../lib/placeholders'
import { t } from '../../strings/work'
import { Skeleton, cx } from '../../ui'
import { Popover } from '../../ui/lazy'
import { failed } from '../../app/toasts'
import { insertIntoReply } from './Composer'

type State = { open: boolean; setOpen: (open: boolean) => void }
export function useTemplates(): State {
  const [open, setOpen] = useState(false)
  return { open, setOpen }
}

/** Finds a template and puts it, filled for this issue, where the caret is. Those that fit best come first. */
export function TemplatePicker({ issueId, state, trigger }: { issueId: string; state: State; trigger: ReactElement }) {
  return (
    <Popover title={t.compose.templates} quiet side="top" open={state.open} onOpenChange={state.setOpen} trigger={trigger} className="w-[min(420px,92vw)]">
      <Finder issueId={issueId} onDone={() => state.setOpen(false)} />
    </Popover>
  )
}

function Finder({ issueId, onDone }: { issueId: string; onDone: () => void }) {
  const client = useQueryClient()
  const { data: all, isPending } = useQuery(templatesQuery)
  const { data: panel } = useQuery(panelQuery(issueId))
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  const scores = new Map((panel?.templates.items ?? []).map((item) => [item.template_id, item.score]))
  const spoken = panel?.language.code
  const rank = (template: { id: string; language: string }) => (scores.get(template.id) ?? 0) + (template.language === spoken ? 1 : 0)
  const fits = (text: string) => words.toLowerCase().split(/\s+/).every((word) => text.toLowerCase().includes(word))
  const found = (all ?? [])
    .filter((template) => fits(`${template.title} ${template.body} ${template.tags.join(' ')}`))
    .sort((a, b) => rank(b) - rank(a))
    .slice(0, 30)
  const choose = (id: string) => {
    onDone()
    client.fetchQuery(previewQuery(id, issueId))
      .then((preview) => insertIntoReply(issueId, preview.text, undefined, preview.missing.map(markerOf)), failed)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      setAt((at + step + found.length) % Math.max(1, found.length))
    } else if (event.key === 'Enter' && found[at]) {
      event.preventDefault()
      choose(found[at].id)
    }
  }
  return (
    <>
      <input
        role="combobox" aria-expanded aria-controls="template-list" aria-activedescendant={found[at] && `template-${found[at].id}`} aria-label={t.compose.templateSearch}
        placeholder={t.compose.templateSearch} value={words} onKeyDown={onKeyDown} onChange={(event) => { setWords(event.target.value); setAt(0) }}
        className="mb-2 block h-8 w-full rounded-md border border-line-strong bg-panel px-2.5 text-sm placeholder:text-fg-3"
      />
      {isPending && <Skeleton rows={4} className="!p-1" />}
      {all && !found.length && <p className="py-4 text-center text-fg-3">{t.compose.templateEmpty}</p>}
      <div id="template-list" role="listbox" aria-label={t.compose.templates} className="max-h-72 overflow-y-auto">
        {found.map((template, index) => (
          <div
            key={template.id} id={`template-${template.id}`} role="option" aria-selected={index === at} tabIndex={-1}
            onClick={() => choose(template.id)} onKeyDown={onKeyDown} onMouseMove={() => setAt(index)} ref={(element) => { if (index === at) element?.scrollIntoView({ block: 'nearest' }) }}
            className={cx('rounded-md px-2 py-1', index === at && 'bg-selected forced-colors:outline-2')}
          >
            <span className="block truncate font-medium">{template.title}</span>
            <span className="block truncate text-xs text-fg-3">{template.body}</span>
          </div>
        ))}
      </div>
    </>
  )
}
