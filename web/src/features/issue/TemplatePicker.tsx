import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'
import { panelQuery } from '../../api/queries/panel'
import { previewQuery, templatesQuery } from '../../api/queries/templates'
import type { TemplateOut } from '../../api/schema'
import { markerOf } from '../../lib/placeholders'
import { t } from '../../strings/work'
import { Popover } from '../../ui/lazy'
import { failed } from '../../app/toasts'
import { insertIntoReply } from './composing'
import { Finder, type Option } from './Finder'

type State = { open: boolean; setOpen: (open: boolean) => void }
export function useTemplates(): State {
  const [open, setOpen] = useState(false)
  return { open, setOpen }
}

/** Finds a template and puts it, filled for this issue, where the caret is. Those that fit best come first. */
export function TemplatePicker({ issueId, state, trigger }: { issueId: string; state: State; trigger: ReactElement }) {
  return (
    <Popover title={t.compose.templates} quiet side="top" open={state.open} onOpenChange={state.setOpen} trigger={trigger} className="w-[min(26.25rem,92vw)]">
      <Templates issueId={issueId} onDone={() => state.setOpen(false)} />
    </Popover>
  )
}

/** The templates, those that fit this issue best first; undefined until they are here. */
export function useRankedTemplates(issueId: string): readonly TemplateOut[] | undefined {
  const { data: all } = useQuery(templatesQuery)
  const { data: panel } = useQuery(panelQuery(issueId))
  const scores = new Map((panel?.templates.items ?? []).map((item) => [item.template_id, item.score]))
  const spoken = panel?.language.code
  const rank = (template: TemplateOut) => (scores.get(template.id) ?? 0) + (template.language === spoken ? 1 : 0)
  return all && [...all].sort((a, b) => rank(b) - rank(a))
}

export const optionOf = ({ id, title, body, tags }: TemplateOut): Option => ({ id, title, detail: body, words: `${body} ${tags.join(' ')}` })

function Templates({ issueId, onDone }: { issueId: string; onDone: () => void }) {
  const client = useQueryClient()
  const templates = useRankedTemplates(issueId)
  const choose = (id: string) => {
    onDone()
    const along = templates?.find((one) => one.id === id)
    client.fetchQuery(previewQuery(id, issueId)).then((preview) => insertIntoReply(issueId, preview.text, {
      templateId: id, markers: preview.missing.map(markerOf), addTags: along?.add_tags, thenStatus: along?.then_status ?? undefined,
    }), failed)
  }
  return <Finder id="template" label={t.compose.templates} hint={t.compose.templateSearch} none={t.compose.templateEmpty} options={templates?.map(optionOf)} onChoose={choose} />
}
