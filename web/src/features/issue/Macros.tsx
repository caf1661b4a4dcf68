import { useQuery } from '@tanstack/react-query'
import { ChevronLeft, Sparkles, Zap } from 'lucide-react'
import { sentence } from '../../api/errors'
import { macroQuery } from '../../api/queries/assist'
import { previewQuery, templatesQuery } from '../../api/queries/templates'
import type { TemplateOut } from '../../api/schema'
import { useCommands, type Command } from '../../app/commands'
import { markerOf } from '../../lib/placeholders'
import { saidAll } from '../../lib/reasons'
import { t } from '../../strings/work'
import { words } from '../../strings/pages/writing'
import { Badge, Button, IconButton, Skeleton } from '../../ui'
import { Blanks } from '../../ui/Blanks'
import { Popover } from '../../ui/lazy'
import { insertIntoReply, type Inserted } from './composing'
import { SUGGESTED } from './choices'
import { Finder, type Option } from './Finder'
import { optionOf, useRankedTemplates } from './TemplatePicker'

type Macro = { text: string; title: string; inserted: Inserted; reasons: readonly string[]; /** Placeholders that the issue does not fill. */ missing?: readonly string[] }

export const isMacro = (template: TemplateOut): boolean => template.add_tags.length > 0 || template.then_status !== null

export type MacroState = { open: boolean; chosen: string | undefined; show: (id?: string) => void; choose: (id: string | undefined) => void; close: () => void }

/** A reply with the tags and the status that go with it: looked at before it is used, undone from the message. */
export default function Macros({ issueId, state }: { issueId: string; state: MacroState }) {
  const { data: templates } = useQuery({ ...templatesQuery, enabled: state.open })
  useCommands((templates ?? []).filter(isMacro).map(({ id, title }): Command => ({ id: `compose.macro.${id}`, label: words.macroOf(title), group: 'compose', run: () => state.show(id) })))
  return (
    <Popover
      title={words.macros} quiet side="top" open={state.open} onOpenChange={(next) => (next ? state.show() : state.close())} className="w-[min(27.5rem,94vw)]"
      trigger={<IconButton label={words.macros} keys="shift+m"><Zap size={15} aria-hidden /></IconButton>}
    >
      {state.chosen === undefined
        ? <List issueId={issueId} onChoose={state.choose} />
        : <Chosen issueId={issueId} id={state.chosen} onBack={() => state.choose(undefined)} onDone={state.close} />}
    </Popover>
  )
}

function List({ issueId, onChoose }: { issueId: string; onChoose: (id: string) => void }) {
  const templates = useRankedTemplates(issueId)
  const suggested: Option = { id: SUGGESTED, title: words.suggest, detail: words.suggestHint, words: '', icon: <Sparkles size={13} aria-hidden className="shrink-0 text-accent-text" /> }
  const effects = ({ add_tags, then_status }: TemplateOut) => [...add_tags.map(words.addsTag), then_status && words.then[then_status]].filter(Boolean).join(' · ')
  const stored = templates?.filter(isMacro).map((one): Option => ({ ...optionOf(one), detail: effects(one) }))
  return <Finder id="macro" label={words.macros} hint={words.macroSearch} none={words.macroNone} options={stored && [suggested, ...stored]} onChoose={onChoose} />
}

type ChosenProps = { issueId: string; id: string; onBack: () => void; onDone: () => void }
const Chosen = (props: ChosenProps) => (props.id === SUGGESTED ? <Suggested {...props} /> : <Stored {...props} />)

function Suggested({ issueId, ...rest }: ChosenProps) {
  const { data, error, refetch } = useQuery(macroQuery(issueId))
  const macro = data && {
    text: data.suggestion.text, title: words.suggested, reasons: saidAll(data.reasons, data.reasons_code),
    inserted: { suggestionId: data.suggestion.suggestion_id, addTags: data.tags, thenStatus: data.status === 'pending' || data.status === 'resolved' ? data.status : undefined },
  }
  return <Preview {...rest} waiting={words.suggesting} issueId={issueId} macro={macro} error={error} onRetry={() => void refetch()} />
}

function Stored({ issueId, id, ...rest }: ChosenProps) {
  const { data: templates } = useQuery(templatesQuery)
  const { data, error, refetch } = useQuery(previewQuery(id, issueId))
  const template = templates?.find((one) => one.id === id)
  const macro = data && template && {
    text: data.text, title: template.title, reasons: [], missing: data.missing,
    inserted: { templateId: id, markers: data.missing.map(markerOf), addTags: template.add_tags, thenStatus: template.then_status ?? undefined },
  }
  return <Preview {...rest} waiting={t.app.loading} issueId={issueId} macro={macro} error={error} onRetry={() => void refetch()} />
}

type PreviewProps = Omit<ChosenProps, 'id'> & { waiting: string; macro: Macro | undefined; error: Error | null; onRetry: () => void }

function Preview({ issueId, waiting, macro, error, onRetry, onBack, onDone }: PreviewProps) {
  const { addTags = [], thenStatus } = macro?.inserted ?? {}
  const use = () => {
    if (!macro) return
    onDone()
    insertIntoReply(issueId, macro.text, macro.inserted, words.applied)
  }
  return (
    <div aria-busy={!macro && !error}>
      <div className="mb-2 flex items-center gap-1">
        <IconButton label={words.back} onClick={onBack} className="-ml-1"><ChevronLeft size={15} aria-hidden /></IconButton>
        <h3 dir="auto" className="min-w-0 flex-1 truncate font-semibold">{macro?.title ?? words.preview}</h3>
      </div>
      <p role="status" className="sr-only">{!macro && !error && waiting}</p>
      {error && <div className="flex items-center gap-2 text-xs text-critical"><p role="alert" className="flex-1">{sentence(error)}</p><Button onClick={onRetry}>{t.app.retry}</Button></div>}
      {!macro && !error && <Skeleton rows={5} className="!p-1" />}
      {macro && (
        <>
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
          <div role="region" aria-label={words.previewText} tabIndex={0} dir="auto" className="max-h-56 overflow-y-auto rounded-lg border border-line bg-canvas p-2.5 text-sm whitespace-pre-wrap"><Blanks text={macro.text} missing={macro.missing ?? []} /></div>
          <p className="mt-2.5 mb-1 text-xs text-fg-3">{words.along}</p>
          <ul className="flex flex-wrap gap-1.5">
            {addTags.map((tag) => <li key={tag}><Badge>{words.addsTag(tag)}</Badge></li>)}
            {thenStatus && <li><Badge tone={thenStatus === 'resolved' ? 'ok' : 'low'}>{words.then[thenStatus]}</Badge></li>}
            {!addTags.length && !thenStatus && <li className="text-xs text-fg-2">{words.nothingAlong}</li>}
          </ul>
          {macro.reasons.map((reason) => <p key={reason} className="mt-1.5 text-xs text-fg-3">{reason}</p>)}
          {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the person has just chosen it: Enter uses it */}
          <div className="mt-3 flex justify-end"><Button variant="primary" autoFocus onClick={use}>{words.apply}</Button></div>
        </>
      )}
    </div>
  )
}
