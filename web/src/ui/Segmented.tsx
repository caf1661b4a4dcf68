import { useId, type ReactNode } from 'react'

type Option<T extends string> = { value: T; label: string; icon?: ReactNode }
type Props<T extends string> = { label: string; options: readonly Option<T>[]; value: T; onChange: (value: T) => void; quiet?: boolean }

/** A few choices side by side, one of them in force; radio buttons to keys and screen readers. */
export function Segmented<T extends string>({ label, options, value, onChange, quiet }: Props<T>) {
  const name = useId()
  return (
    <fieldset className="min-w-0">
      <legend className={quiet ? 'sr-only' : 'mb-1 text-xs font-medium text-fg-2'}>{label}</legend>
      <div className="inline-flex max-w-full flex-wrap gap-0.5 rounded-md border border-line bg-canvas p-0.5">
        {options.map((option) => (
          <label
            key={option.value}
            className="relative flex h-7 items-center gap-1.5 rounded-sm px-2.5 text-xs font-medium text-fg-2 hover:text-fg border border-transparent has-checked:border-line has-checked:bg-raised has-checked:text-fg has-focus-visible:outline-2 has-focus-visible:outline-accent forced-colors:has-checked:outline-2 pointer-coarse:h-11"
          >
            <input type="radio" name={name} className="absolute inset-0 m-0 appearance-none outline-none" checked={option.value === value} onChange={() => onChange(option.value)} />
            {option.icon}
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
