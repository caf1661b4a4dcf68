import { Link, type LinkProps } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { t } from '../strings'
import { cx } from '.'
import { useScrolls } from './useScrolls'

type PageProps = { title: string; /** The way to the list that this page is one of. */ back?: ReactNode; actions?: ReactNode; tabs?: ReactNode; children: ReactNode; wide?: boolean; fill?: boolean }

/** A page beside the inbox: its title, what can be done, its parts as tabs, and one column that scrolls; `fill` leaves the whole place to its content. */
export function Page({ title, back, actions, tabs, children, wide, fill }: PageProps) {
  useEffect(() => { document.title = `${title} · ${t.app.product}` }, [title])
  const box = useRef<HTMLDivElement>(null)
  const scrolls = useScrolls(box)
  return (
    <main className="flex h-full min-h-0 flex-col bg-panel">
      <header className={cx('shrink-0 px-4 md:px-6', !tabs && 'border-b border-line')}>
        {/* Where there is no room beside the title, all that can be done goes below it together. */}
        <div className="flex min-h-11 flex-wrap items-center gap-2 py-1.5">
          <div className="flex min-w-0 flex-auto items-center md:flex-[1_1_12rem] gap-2">
            {back}
            <h1 className="min-w-0 truncate text-lg font-semibold max-md:line-clamp-2 max-md:whitespace-normal">{title}</h1>
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
      </header>
      {tabs}
      {/* What scrolls must be reachable by keys. */}
      <div ref={box} {...(scrolls && { role: 'region', 'aria-label': title, tabIndex: 0 })} className="min-h-0 flex-1 overflow-y-auto -outline-offset-2">
        {fill ? children : <div className={cx('px-4 py-5 md:px-6', !wide && 'max-w-[57.5rem]')}>{children}</div>}
      </div>
    </main>
  )
}

/** The way to the list, or the record, that a page is one of. */
export const BackTo = ({ label, ...link }: { label: string } & Pick<LinkProps, 'to' | 'params'>) => (
  <Link {...link} aria-label={label} data-tip={label} className="-ml-1.5 inline-flex size-7 shrink-0 items-center justify-center rounded-md text-fg-2 hover:bg-hover pointer-coarse:size-11"><ArrowLeft size={16} aria-hidden /></Link>
)

/** A part of a page with settings: what it is about at the left, its controls at the right. */
export function Section({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <section className="grid gap-x-8 gap-y-3 border-b border-line py-6 first:pt-0 last:border-b-0 lg:grid-cols-[13.75rem_minmax(0,1fr)]">
      <div>
        <h2 className="font-semibold">{title}</h2>
        {hint && <div className="mt-0.5 max-w-[46ch] text-xs text-fg-3">{hint}</div>}
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  )
}
