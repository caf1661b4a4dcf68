import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { isStale } from '../../api/errors'
import { useSaveTemplate } from '../../api/queries/templateEditor'
import type { TemplateOut } from '../../api/schema'
import { failed, toast } from '../../app/toasts'
import { words } from '../../strings/pages/templates'
import { topicName, topicOf } from '../../lib/names'
import type { Fields } from './TemplateFields'

const NEW: Fields = { title: '', body: '', language: 'en', category: '', folder: '', tone: '', tags: '', addTags: '', thenStatus: '' }

const fieldsOf = (one: TemplateOut): Fields => ({
  title: one.title, body: one.body, language: one.language, category: one.category ? topicName(one.category) : '', folder: one.folder ?? '', tone: one.tone ?? '', tags: one.tags.join(', '),
  addTags: one.add_tags.join(', '), thenStatus: one.then_status ?? '',
})

const listOf = (text: string): string[] => text.split(',').map((tag) => tag.trim()).filter(Boolean)

const isSame = (one: Fields, other: Fields): boolean => JSON.stringify(one) === JSON.stringify(other)

/** The fields while they are edited, and how they are stored; undefined for a template that is new. */
export function useTemplateEditor(template: TemplateOut | undefined) {
  const navigate = useNavigate()
  const { create, edit } = useSaveTemplate()
  // What the edits began from: a newer version may be read at any moment, and must not take typed words away.
  const [base, setBase] = useState({ version: template?.version, fields: template ? fieldsOf(template) : NEW })
  const [fields, setFields] = useState(base.fields)
  const changed = !isSame(fields, base.fields)
  const isNewer = template !== undefined && template.version !== base.version && !edit.isPending
  const take = (theirs: TemplateOut) => {
    setBase({ version: theirs.version, fields: fieldsOf(theirs) })
    setFields(fieldsOf(theirs))
  }
  if (isNewer && !changed) take(template)
  const ready = changed && fields.title.trim() !== '' && fields.body.trim() !== '' && !edit.isPending && !create.isPending

  /** `overwrite`: whatever somebody else stored meanwhile. */
  const save = (overwrite = false) => {
    if (!ready) return
    const { addTags, thenStatus, ...plain } = fields
    const whole = {
      ...plain, category: topicOf(fields.category, template?.category ?? null), folder: fields.folder.trim() || null, tone: fields.tone || null, tags: listOf(fields.tags),
      add_tags: listOf(addTags), then_status: thenStatus || null,
    }
    const told = () => toast({ title: words.stored })
    if (template) {
      edit.mutateAsync({ id: template.id, ...(!overwrite && base.version && { version: base.version }), ...whole }).then((stored) => {
        setBase({ version: stored.version, fields })
        told()
      }, () => undefined)
      return
    }
    create.mutate(whole, {
      onSuccess: ({ id }) => {
        told()
        void navigate({ to: '/templates/$templateId', params: { templateId: id }, replace: true, ignoreBlocker: true })
      },
    })
  }

  const setActive = (active: boolean) => {
    if (!template) return
    const set = (value: boolean) => edit.mutateAsync({ id: template.id, active: value }).then((stored) => {
      setBase((was) => (stored.version - 1 === was.version ? { ...was, version: stored.version } : was))
    })
    const undo = () => void set(!active).catch(failed)
    set(active).then(() => toast({ title: active ? words.restoredToast : words.archivedToast, undo }), failed)
  }

  const takeTheirs = (theirs: TemplateOut | undefined) => {
    if (!theirs) return
    edit.reset()
    take(theirs)
  }

  const problem = template ? edit.error : create.error
  return { fields, setFields, changed, ready, save, setActive, takeTheirs, outdated: (isNewer && changed) || isStale(problem), problem }
}
