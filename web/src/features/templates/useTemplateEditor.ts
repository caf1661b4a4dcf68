import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useSaveTemplate } from '../../api/queries/templateEditor'
import type { TemplateOut } from '../../api/schema'
import { toast } from '../../app/toasts'
import { words } from '../../strings/pages/templates'
import { failed } from '../inbox/actions'
import type { Fields } from './TemplateFields'

const NEW: Fields = { title: '', body: '', language: 'en', category: '', tone: '', tags: '' }

const fieldsOf = (one: TemplateOut): Fields => ({
  title: one.title, body: one.body, language: one.language, category: one.category ?? '', tone: one.tone ?? '', tags: one.tags.join(', '),
})

/** The fields while they are edited, and how they are stored; undefined for a template that is new. */
export function useTemplateEditor(template: TemplateOut | undefined) {
  const navigate = useNavigate()
  const { create, edit } = useSaveTemplate()
  const [first] = useState(template ? fieldsOf(template) : NEW)
  const [fields, setFields] = useState(first)
  const changed = JSON.stringify(fields) !== JSON.stringify(first)
  const ready = changed && fields.title.trim() !== '' && fields.body.trim() !== '' && !edit.isPending && !create.isPending

  /** `overwrite`: whatever somebody else stored meanwhile. */
  const save = (overwrite = false) => {
    if (!ready) return
    const tags = fields.tags.split(',').map((tag) => tag.trim()).filter(Boolean)
    const whole = { ...fields, category: fields.category.trim() || null, tone: fields.tone || null, tags }
    const told = () => toast({ title: words.stored })
    if (template) {
      // A stored version is another editor: what is to be said then must not hang on this one.
      edit.mutateAsync({ id: template.id, ...(overwrite ? {} : { version: template.version }), ...whole }).then(told, () => undefined)
      return
    }
    create.mutate(whole, {
      onSuccess: ({ id }) => {
        told()
        void navigate({ to: '/templates/$templateId', params: { templateId: id }, replace: true })
      },
    })
  }

  const setActive = (active: boolean) => {
    if (!template) return
    const set = (value: boolean) => edit.mutateAsync({ id: template.id, active: value })
    const undo = () => void set(!active).catch(failed)
    set(active).then(() => toast({ title: active ? words.restoredToast : words.archivedToast, undo }), failed)
  }

  return { fields, setFields, ready, save, setActive, problem: template ? edit.error : create.error }
}
