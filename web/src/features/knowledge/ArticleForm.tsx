import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { ApiError, isStale, sentence } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import { useAddArticle, useEditArticle } from '../../api/queries/knowledge'
import type { ArticleIn, ArticleOut } from '../../api/schema'
import { NotForRole } from '../../app/ErrorPage'
import { toast } from '../../app/toasts'
import { languageOptions, topicName, topicOf } from '../../lib/names'
import { language, t } from '../../strings'
import { words } from '../../strings/pages/knowledge'
import { Button } from '../../ui'
import { SelectField, TextField } from '../../ui/Field'
import { Markdown } from '../../ui/Markdown'
import { Page } from '../../ui/Page'
import { Segmented } from '../../ui/Segmented'
import { useUnsaved } from '../../ui/useUnsaved'

type Words = Required<Pick<ArticleIn, 'title' | 'body' | 'language' | 'tags'>> & { category: string | null }

export function NewArticlePage() {
  const navigate = useNavigate()
  if (!useMay('knowledge.edit')) return <Page title={words.newArticle}><NotForRole /></Page>
  return <Page title={words.newArticle}><ArticleForm onDone={(id) => void (id ? navigate({ to: '/knowledge/articles/$articleId', params: { articleId: id }, ignoreBlocker: true }) : navigate({ to: '/knowledge' }))} /></Page>
}

const EMPTY: Words = { title: '', body: '', language, category: null, tags: [] }

/** Writes an article: the text as Markdown, or as it will be read. */
export function ArticleForm({ article, onDone }: { article?: ArticleOut; onDone: (id?: string) => void }) {
  const [first] = useState<Words>(() => {
    const { title, body, language: written, category, tags: marked } = article ?? EMPTY
    return { title, body, language: written, category, tags: marked }
  })
  const [text, setText] = useState(first)
  const [tags, setTags] = useState(first.tags.join(', '))
  const [topic, setTopic] = useState(first.category ? topicName(first.category) : '')
  const unsaved = useUnsaved(JSON.stringify(text) !== JSON.stringify(first) || tags !== first.tags.join(', ') || topicOf(topic, first.category) !== first.category)
  const { save, busy, error } = useSave(article, onDone)
  const set = (change: Partial<Words>) => setText({ ...text, ...change })
  const submit = (status: ArticleOut['status']) => save({ ...text, category: topicOf(topic, first.category), tags: tags.split(',').map((tag) => tag.trim()).filter(Boolean) }, status)
  const { fields, general } = told(error)
  const keep = article?.status ?? 'draft'
  const ready = !busy && text.title.trim() !== '' && text.body.trim() !== ''
  return (
    <form className="space-y-4" onSubmit={(event) => { event.preventDefault(); submit(keep) }}>
      {unsaved}
      <TextField label={words.title} required maxLength={300} value={text.title} error={fields.title} onChange={(event) => set({ title: event.target.value })} />
      <div className="grid gap-4 sm:grid-cols-3">
        <TextField label={words.category} maxLength={80} value={topic} error={fields.category} onChange={(event) => setTopic(event.target.value)} />
        <SelectField label={words.language} options={languageOptions(text.language)} value={text.language} onChange={(event) => set({ language: event.target.value })} />
        <TextField label={words.tags} hint={words.tagsHint} value={tags} error={fields.tags} onChange={(event) => setTags(event.target.value)} />
      </div>
      <Body value={text.body} error={fields.body} onChange={(body) => set({ body })} />
      {general && <p role="alert" className="rounded-md bg-critical-soft px-3 py-2 text-xs text-critical">{general}</p>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={() => onDone(article?.id)}>{t.app.cancel}</Button>
        {keep !== 'published' && <Button disabled={!ready} onClick={() => submit('published')}>{words.publish}</Button>}
        <Button type="submit" variant="primary" disabled={!ready}>{keep === 'published' ? t.app.save : words.saveDraft}</Button>
      </div>
    </form>
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
      <div className="mb-1 flex items-end gap-2">
        <label htmlFor={id} className="text-xs font-medium text-fg-2">{words.body}</label>
        <span id={`${id}-hint`} className="text-xs text-fg-3">{words.bodyHint}</span>
        <span className="ml-auto"><Segmented label={words.mode} quiet value={mode} onChange={setMode} options={[{ value: 'write', label: words.write }, { value: 'preview', label: words.preview }]} /></span>
      </div>
      {mode === 'write'
        ? <textarea id={id} required dir="auto" rows={18} maxLength={1_000_000} value={value} aria-describedby={`${id}-hint`} aria-invalid={error ? true : undefined} onChange={(event) => onChange(event.target.value)} className="block min-h-72 w-full rounded-md border border-line-strong bg-panel px-3 py-2 font-mono text-sm" />
        : <div id={id} className="min-h-72 rounded-md border border-line px-3 py-2"><Markdown text={value} /></div>}
      {error && <p role="alert" className="mt-1 text-xs text-critical">{error}</p>}
    </div>
  )
}

function useSave(article: ArticleOut | undefined, onDone: (id?: string) => void) {
  const add = useAddArticle()
  const edit = useEditArticle(article ?? { id: '', version: 0 })
  // The same try twice is one article.
  const [key] = useState(() => crypto.randomUUID())
  const done = { onSuccess: ({ id }: ArticleOut) => { toast({ title: words.saved }); onDone(id) } }
  const save = (text: Words, status: ArticleOut['status']) => (article ? edit.mutate({ ...text, status }, done) : add.mutate({ ...text, status, key }, done))
  return { save, busy: add.isPending || edit.isPending, error: article ? edit.error : add.error }
}
