import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useId, useRef, useState, type KeyboardEvent } from 'react'
import { ApiError, isStale, sentence } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import { versionsQuery } from '../../api/queries/knowledge'
import type { ArticleOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { NotForRole } from '../../app/Closed'
import { languageOptions } from '../../lib/names'
import { t } from '../../strings'
import { overlays } from '../../strings/pages/overlays'
import { words } from '../../strings/pages/knowledge'
import { Button } from '../../ui'
import { Confirm } from '../../ui/Confirm'
import { SelectField, TextField } from '../../ui/Field'
import { Markdown } from '../../ui/Markdown'
import { Page } from '../../ui/Page'
import { Segmented } from '../../ui/Segmented'
import { useUnsaved } from '../../ui/useUnsaved'
import { Diff } from './Diff'
import { TakenOut, useAskLeft } from './TakenOut'
import { useArticleEditor } from './useArticleEditor'

export function NewArticlePage() {
  const navigate = useNavigate()
  if (!useMay('knowledge.edit')) return <Page title={words.newArticle}><NotForRole /></Page>
  return <Page title={words.newArticle}><ArticleForm onDone={(id) => void (id ? navigate({ to: '/knowledge/articles/$articleId', params: { articleId: id }, replace: true, ignoreBlocker: true }) : navigate({ to: '/knowledge' }))} /></Page>
}

/** Writes an article: the text as Markdown, or as it will be read. */
export function ArticleForm({ article, onDone }: { article?: ArticleOut; onDone: (id?: string) => void }) {
  const { fields, setFields, note, setNote, changed, ready, save, theirs, takeTheirs, error } = useArticleEditor(article, onDone)
  const unsaved = useUnsaved(changed)
  const [asking, setAsking] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const set = (change: Partial<typeof fields>) => setFields({ ...fields, ...change })
  const keep = article?.status ?? 'draft'
  const { publish, question } = useAskLeft([fields.title, fields.body])
  const submit = () => (keep === 'published' ? publish(() => save(keep)) : save(keep))
  // A page that is left asks by itself; this form within a page has to.
  const cancel = () => (article && changed ? setAsking(true) : onDone())
  useCommands([
    { id: 'article.save', label: keep === 'published' ? t.app.save : words.saveDraft, group: 'page', keys: ['mod+s'], whileTyping: true, run: submit },
    { id: 'article.cancel', label: t.app.cancel, group: 'page', keys: ['escape'], run: cancel },
  ])
  // Out of a field first, as out of a reply; then out of the form.
  const leaveField = ({ key, target, nativeEvent }: KeyboardEvent) => {
    if (key !== 'Escape' || nativeEvent.isComposing || !(target instanceof HTMLElement) || !target.matches('input:not([type=radio]), textarea, select')) return
    nativeEvent.preventDefault()
    form.current?.focus()
  }
  const { fields: wrong, general } = told(error)
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc in any of its fields
    <form ref={form} tabIndex={-1} aria-label={article?.title ?? words.newArticle} className="space-y-4 outline-none" onKeyDown={leaveField} onSubmit={(event) => { event.preventDefault(); submit() }}>
      {unsaved}
      {question}
      {asking && <Confirm title={overlays.leaveTitle} action={overlays.leave} danger onConfirm={() => { onDone(); return Promise.resolve() }} onClose={() => setAsking(false)}>{overlays.leaveHint}</Confirm>}
      {theirs && <Conflict theirs={theirs} title={fields.title} body={fields.body} onMine={() => save(theirs.status, theirs.version)} onTheirs={() => takeTheirs(theirs)} />}
      <TextField label={words.title} required maxLength={300} value={fields.title} error={wrong.title} onChange={(event) => set({ title: event.target.value })} />
      <div className="grid gap-4 sm:grid-cols-3">
        <TextField label={words.category} maxLength={80} value={fields.topic} error={wrong.category} onChange={(event) => set({ topic: event.target.value })} />
        <SelectField label={words.language} options={languageOptions(fields.language)} value={fields.language} onChange={(event) => set({ language: event.target.value })} />
        <TextField label={words.tags} hint={words.tagsHint} value={fields.tags} error={wrong.tags} onChange={(event) => set({ tags: event.target.value })} />
      </div>
      <Body value={fields.body} error={wrong.body} onChange={(body) => set({ body })} />
      {article && <TextField label={words.changeNote} hint={words.changeNoteHint} maxLength={300} value={note} error={wrong.change_note} onChange={(event) => setNote(event.target.value)} />}
      {general && !theirs && <p role="alert" className="rounded-md bg-critical-soft px-3 py-2 text-xs text-critical">{general}</p>}
      <TakenOut texts={[fields.title, fields.body]} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={cancel}>{t.app.cancel}</Button>
        {keep !== 'published' && <Button disabled={!ready} onClick={() => publish(() => save('published'))}>{words.publish}</Button>}
        <Button type="submit" keys="mod+s" variant="primary" disabled={!ready}>{keep === 'published' ? t.app.save : words.saveDraft}</Button>
      </div>
    </form>
  )
}

type ConflictProps = { theirs: ArticleOut; title: string; body: string; onMine: () => void; onTheirs: () => void }

/** Somebody stored another text meanwhile: both are here, and neither is lost, whichever is taken. */
function Conflict({ theirs, title, body, onMine, onTheirs }: ConflictProps) {
  const { data: versions } = useQuery(versionsQuery(theirs.id))
  return (
    <section role="alert" className="space-y-3 rounded-xl border border-line bg-medium-soft px-4 py-3">
      <div>
        <h2 className="font-semibold text-medium">{words.conflictTitle(versions?.[0]?.replaced_by ?? '')}</h2>
        <p className="text-xs text-fg-2">{words.conflictHint}</p>
      </div>
      <div className="space-y-2 rounded-xl bg-panel p-2">
        <p className="text-xs text-fg-2">{words.conflictLegend}</p>
        {theirs.title !== title && <p className="text-xs text-fg-2">{words.renamed(theirs.title, title)}</p>}
        <Diff before={theirs.body} after={body} names={{ before: words.theirs, after: words.mine }} />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button onClick={onTheirs}>{words.takeTheirs}</Button>
        <Button variant="primary" onClick={onMine}>{words.saveMine}</Button>
      </div>
    </section>
  )
}

/** What a refusal says of single fields, and what of the whole. */
function told(error: Error | null): { fields: Readonly<Record<string, string>>; general: string | undefined } {
  const fields = error instanceof ApiError ? error.fields : {}
  if (!error || Object.keys(fields).length) return { fields, general: undefined }
  return { fields, general: isStale(error) ? words.stale : sentence(error) }
}

function Body({ value, error, onChange }: { value: string; error: string | undefined; onChange: (body: string) => void }) {
  const [mode, setMode] = useState<'write' | 'preview'>('write')
  const id = useId()
  return (
    <div>
      <div className="mb-1 flex flex-wrap items-end gap-2">
        <label htmlFor={id} className="text-xs font-medium text-fg-2">{words.body}</label>
        <span id={`${id}-hint`} className="text-xs text-fg-3">{words.bodyHint}</span>
        <span className="ml-auto"><Segmented label={words.mode} quiet value={mode} onChange={setMode} options={[{ value: 'write', label: words.write }, { value: 'preview', label: words.preview }]} /></span>
      </div>
      {mode === 'write'
        ? <textarea id={id} required dir="auto" rows={18} maxLength={1_000_000} value={value} aria-describedby={`${id}-hint`} aria-invalid={error ? true : undefined} onChange={(event) => onChange(event.target.value)} className="block min-h-72 w-full rounded-md border border-line-strong bg-panel px-3 py-2 font-mono text-sm" />
        : <div id={id} className="min-h-72 rounded-md border border-line px-3 py-2"><Markdown text={value} markTakenOut /></div>}
      {error && <p role="alert" className="mt-1 text-xs text-critical">{error}</p>}
    </div>
  )
}
