import { clsx } from 'clsx'
import { useId, type ComponentProps } from 'react'

type Props = { label: string; hint?: string | undefined; error?: string | undefined }
const BOX = 'block w-full rounded-md border border-line-strong bg-panel px-2.5 text-sm text-fg placeholder:text-fg-3 focus-visible:outline-2'

/** A labelled line of text, with its hint and its error tied to it. */
export function TextField({ label, hint, error, className, ...rest }: Props & ComponentProps<'input'>) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-fg-2">{label}</label>
      <input id={id} aria-describedby={described} aria-invalid={error ? true : undefined} className={clsx(BOX, 'h-8 pointer-coarse:h-11', error && 'border-critical')} {...rest} />
      {hint && <p id={`${id}-hint`} className="mt-1 text-xs text-fg-3">{hint}</p>}
      {error && <p id={`${id}-error`} role="alert" className="mt-1 text-xs text-critical">{error}</p>}
    </div>
  )
}

export function SelectField({ label, options, className, ...rest }: Props & ComponentProps<'select'> & { options: readonly { value: string; label: string }[] }) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-fg-2">{label}</label>
      <select id={id} className={clsx(BOX, 'h-8 pointer-coarse:h-11')} {...rest}>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    </div>
  )
}

/** On or off, at once. */
export function Switch({ label, hint, checked, onChange }: { label: string; hint?: string; checked: boolean; onChange: (checked: boolean) => void }) {
  const id = useId()
  return (
    <div className="flex items-start gap-3">
      <button
        type="button" role="switch" aria-checked={checked} aria-labelledby={`${id}-label`} aria-describedby={hint && `${id}-hint`}
        onClick={() => onChange(!checked)}
        className={clsx('relative mt-px inline-flex h-6 w-10 shrink-0 rounded-full border transition-colors', checked ? 'border-accent bg-accent' : 'border-line-strong bg-panel')}
      >
        <span aria-hidden className={clsx('absolute top-[.1875rem] size-4 rounded-full transition-transform', checked ? 'translate-x-[1.1875rem] bg-accent-fg' : 'translate-x-[.1875rem] bg-line-strong')} />
      </button>
      <div>
        <p id={`${id}-label`} className="font-medium">{label}</p>
        {hint && <p id={`${id}-hint`} className="text-xs text-fg-3">{hint}</p>}
      </div>
    </div>
  )
}
