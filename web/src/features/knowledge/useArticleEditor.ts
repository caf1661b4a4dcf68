import { useState } from 'react'
import { isStale } from '../../api/errors'
import { articleChanged, useAddArticle, useEditArticle } from '../../api/queries/knowledge'
import type { ArticleIn, ArticleOut } from '../../api/schema'
import { toast } from '../../app/toasts'
import { topicName, topicOf } from '../../lib/names'
import { language } from '../../strings'
import { words } from '../../strings/pages/knowledge'

export type Fields = { title: string; body: string; language: string; topic: string; tags: string }

const EMPTY: Fields = { title: '', body: '', language, topic: '', tags: '' }

const listOf = (tags: string): string[] => tags.split(',').map((tag) => tag.trim()).filter(Boolean)

const fieldsOf = (one: ArticleOut): Fields => ({
  title: one.title, body: one.body, language: one.language, topic: one.category ? topicName(one.category) : '', tags: one.tags.join(', '),
})

const baseOf = (article: ArticleOut | undefined) => (article ? { version: article.version, fields: fieldsOf(article) } : { version: 0, fields: EMPTY })

const isSame = (one: Fields, other: Fields): boolean => JSON.stringify(one) === JSON.stringify(other)

/** The text while it is written, and how it is stored; undefined for an article that is new. */
export function useArticleEditor(article: ArticleOut | undefined, onDone: (id?: string) => void) {
  // What the edits began from: a newer version may be read at any moment, and must neither take typed words away nor be overwritten unseen.
  const [base, setBase] = useState(() => baseOf(article))
  const [fields, setFields] = useState(base.fields)
  const [note, setNote] = useState('')
  const add = useAddArticle()
  const edit = useEditArticle(article?.id ?? '')
  // The same try twice is one article.
  const [key] = useState(() => crypto.randomUUID())
  const changed = !isSame(fields, base.fields)
  const busy = add.isPending || edit.isPending
  const take = (theirs: ArticleOut) => {
    setBase(baseOf(theirs))
    setFields(fieldsOf(theirs))
  }
  const isNewer = article !== undefined && article.version !== base.version && !busy && !edit.isSuccess
  if (isNewer && isSame(fieldsOf(article), base.fields)) setBase({ ...base, version: article.version }) // published meanwhile, say
  else if (isNewer && !changed) take(article)
  const theirs = isNewer && changed && !isSame(fieldsOf(article), base.fields) ? article : undefined
  const ready = !busy && fields.title.trim() !== '' && fields.body.trim() !== ''

  /** `over`: the version of somebody else's text that it replaces, and that its writer has seen. */
  const save = (status: ArticleOut['status'], over?: number) => {
    if (!ready) return
    const { topic, tags, ...plain } = fields
    const whole: ArticleIn = { ...plain, status, category: topicOf(topic, article?.category ?? null), tags: listOf(tags) }
    const done = { onSuccess: ({ id }: ArticleOut) => { toast({ title: words.saved }); onDone(id) } }
    if (!article) return add.mutate({ ...whole, key }, done)
    edit.mutate({ ...whole, version: over ?? base.version, ...(note.trim() && { change_note: note.trim() }) }, {
      ...done,
      onError: (error) => { if (isStale(error)) void articleChanged(article.id) },
    })
  }

  const takeTheirs = (newer: ArticleOut) => {
    const mine = { base, fields }
    edit.reset()
    take(newer)
    toast({ title: words.tookTheirs, undo: () => { setBase(mine.base); setFields(mine.fields) } })
  }

  return { fields, setFields, note, setNote, changed: changed || note.trim() !== '', ready, busy, save, theirs, takeTheirs, error: article ? edit.error : add.error }
}
