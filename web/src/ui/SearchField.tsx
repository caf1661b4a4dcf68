import { Search } from 'lucide-react'
import { type ComponentProps } from 'react'
import { cx } from '.'

/** A line to search in; its label is read out, its hint stands inside. */
export function SearchField({ label, className, ...rest }: ComponentProps<'input'> & { label: string }) {
  return (
    <div className={cx('relative', className)}>
      <Search size={14} aria-hidden className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-fg-3" />
      <input type="search" aria-label={label} maxLength={1000} className="block h-8 w-full rounded-md border border-line-strong bg-panel pr-2.5 pl-8 text-sm text-fg placeholder:text-fg-3 pointer-coarse:h-11" {...rest} />
    </div>
  )
}
