import { Braces } from 'lucide-react'
import { useId } from 'react'
import { languageOptions } from '../../lib/names'
import { words } from '../../strings/pages/templates'
import { Button } from '../../ui'
import { SelectField, TextField } from '../../ui/Field'
import { Menu } from '../../ui/lazy'

export type Fields = { title: string; body: string; language: string; category: string; folder: string; tone: string; tags: string; addTags: string; thenStatus: '' | 'pending' | 'resolved' }
type Props = { fields: Fields; folders: readonly string[]; errors: Readonly<Record<string, string>>; readOnly: boolean; onChange: (fields: Fields) => void }

const TONES = ['', 'neutral', 'warm', 'formal'].map((value) => ({ value, label: words.tones[value || 'none'] ?? value }))

const STATUSES = (['', 'pending', 'resolved'] as const).map((value) => ({ value, label: words.statuses[value || 'none'] }))

/** What a template is made of. A placeholder goes in where the caret stands. */
export function TemplateFields({ fields, folders, errors, readOnly, onChange }: Props) {
  const id = useId()
  const set = (change: Partial<Fields>) => onChange({ ...fields, ...change })
  const insert = (name: string) => {
    const area = document.getElementById(id) as HTMLTextAreaElement | null
    const at = area?.selectionStart ?? fields.body.length
    const end = area?.selectionEnd ?? at
    const braces = `{{ ${name} }}`
    set({ body: fields.body.slice(0, at) + braces + fields.body.slice(end) })
    requestAnimationFrame(() => {
      area?.focus()
      area?.setSelectionRange(at + braces.length, at + braces.length)
    })
  }
  const items = Object.entries(words.placeholders).map(([name, label]) => ({ id: name, label, hint: name, run: () => insert(name) }))
  return (
    <fieldset disabled={readOnly} className="min-w-0 space-y-4">
      <TextField label={words.title} value={fields.title} required maxLength={300} error={errors.title} onChange={(event) => set({ title: event.target.value })} />
      <div>
        <div className="mb-1 flex items-end justify-between gap-2">
          <label htmlFor={id} className="text-xs font-medium text-fg-2">{words.text}</label>
          {!readOnly && <Menu label={words.insert} align="end" items={items} trigger={<Button><Braces size={13} aria-hidden />{words.insert}</Button>} />}
        </div>
        <textarea
          id={id} required maxLength={20_000} value={fields.body} rows={14} aria-invalid={errors.body ? true : undefined} aria-describedby={`${id}-hint`}
          onChange={(event) => set({ body: event.target.value })}
          className="block w-full resize-y rounded-md border border-line-strong bg-panel px-3 py-2 text-base text-fg"
        />
        <p id={`${id}-hint`} className="mt-1 text-xs text-fg-3">{words.textHint}</p>
        {errors.body && <p role="alert" className="mt-1 text-xs text-critical">{errors.body}</p>}
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField label={words.category} value={fields.category} maxLength={80} error={errors.category} onChange={(event) => set({ category: event.target.value })} />
        <TextField label={words.tags} hint={words.tagsHint} value={fields.tags} maxLength={500} error={errors.tags} onChange={(event) => set({ tags: event.target.value })} />
        <TextField label={words.folder} list={`${id}-folders`} value={fields.folder} maxLength={80} error={errors.folder} onChange={(event) => set({ folder: event.target.value })} />
        <datalist id={`${id}-folders`}>{folders.map((one) => <option key={one} value={one} />)}</datalist>
        <SelectField label={words.language} options={languageOptions(fields.language)} value={fields.language} onChange={(event) => set({ language: event.target.value })} />
        <SelectField label={words.tone} options={TONES} value={fields.tone} onChange={(event) => set({ tone: event.target.value })} />
      </div>
      <div className="rounded-lg border border-line p-3">
        <h2 className="font-semibold">{words.macro}</h2>
        <p className="mb-3 text-xs text-fg-3">{words.macroHint}</p>
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField label={words.addTags} hint={words.tagsHint} value={fields.addTags} maxLength={500} error={errors.add_tags} onChange={(event) => set({ addTags: event.target.value })} />
          <SelectField label={words.thenStatus} options={STATUSES} value={fields.thenStatus} onChange={(event) => set({ thenStatus: event.target.value as Fields['thenStatus'] })} />
        </div>
      </div>
    </fieldset>
  )
}
