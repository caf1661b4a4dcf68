import { clsx } from 'clsx'
import { AlertCircle, Info, UsersRound, WifiOff } from 'lucide-react'
import type { ComponentProps, CSSProperties, ReactNode } from 'react'
import { ariaKeys, showKeys } from '../app/keys'
import { hueOf, initials } from '../lib/text'
import { t } from '../strings'

export { Severity } from './Severity'
export const cx = clsx

type Variant = 'primary' | 'outline' | 'ghost' | 'danger'
const VARIANTS: Record<Variant, string> = {
  primary: 'bg-accent text-accent-fg hover:bg-accent-hover border border-transparent forced-color-adjust-none',
  outline: 'border border-line bg-raised text-fg hover:bg-hover',
  ghost: 'text-fg-2 hover:bg-hover hover:text-fg border border-transparent',
  danger: 'border border-transparent bg-critical-soft text-critical hover:brightness-95',
}

export type ButtonProps = ComponentProps<'button'> & {
  variant?: Variant
  /** Shown beside the words, and told to assistive technology. */
  keys?: string | undefined
  large?: boolean
}

/** A button with words. One that cannot be used stays focusable and says why through its description. */
export function Button({ variant = 'outline', keys, large, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-keyshortcuts={ariaKeys(keys)}
      className={cx(
        'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors disabled:opacity-55 aria-disabled:opacity-55',
        large ? 'h-8 px-3.5 text-sm pointer-coarse:h-11' : 'h-7 px-2.5 text-xs pointer-coarse:h-11',
        VARIANTS[variant],
        className,
      )}
      {...rest}
    >
      {children}
      {keys && <span aria-hidden className="-mr-0.5 ml-0.5 font-normal max-md:hidden">{showKeys(keys).flat().join(' ')}</span>}
    </button>
  )
}

/** A button that is only an icon: its label is its name and its tooltip. */
export function IconButton({ label, keys, className, children, pressed, ...rest }: ComponentProps<'button'> & { label: string; keys?: string; pressed?: boolean }) {
  return (
    <button
      type="button"
      data-tip={label}
      data-tip-keys={keys}
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={ariaKeys(keys)}
      className={cx(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-fg-2 transition-colors hover:bg-hover hover:text-fg disabled:opacity-50 data-popup-open:bg-hover pointer-coarse:size-11',
        pressed && 'bg-hover text-fg forced-colors:outline-2',
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  )
}

export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="inline-flex items-center gap-1">
      {showKeys(keys).map((step, index) => (
        <kbd key={index} className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-line bg-canvas px-1 font-sans text-2xs whitespace-nowrap text-fg-2">
          {step.join(' ')}
        </kbd>
      ))}
    </span>
  )
}

export function Badge({ tone = 'low', children, className }: { tone?: 'low' | 'ok' | 'medium' | 'high' | 'critical' | 'accent'; children: ReactNode; className?: string }) {
  const tones = {
    low: 'bg-low-soft text-low', ok: 'bg-ok-soft text-ok', medium: 'bg-medium-soft text-medium', high: 'bg-high-soft text-high',
    critical: 'bg-critical-soft text-critical', accent: 'bg-accent-soft text-accent-text',
  }
  return <span className={cx('inline-flex h-5 shrink-0 items-center gap-1 rounded-sm px-1.5 text-2xs font-medium whitespace-nowrap', tones[tone], className)}>{children}</span>
}

/** So many pixels where nobody has changed the size of text, and in step with it where somebody has. */
const rem = (pixels: number): string => `${pixels / 16}rem`

export function Avatar({ name, size = 20 }: { name: string; size?: number }) {
  const style = { width: rem(size), height: rem(size), fontSize: rem(size * 0.42), '--hue': hueOf(name) } as CSSProperties
  return <span aria-hidden style={style} className="avatar-hue inline-flex shrink-0 items-center justify-center rounded-full leading-none font-semibold">{initials(name)}</span>
}

/** Grey lines in the place of what is coming; invisible for the first 150 ms. */
export function Skeleton({ rows = 6, className }: { rows?: number; className?: string }) {
  return (
    <div role="status" className={cx('space-y-3 p-4', className)}>
      <span className="sr-only">{t.app.loading}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} aria-hidden className="skel h-4" style={{ width: `${92 - ((index * 17) % 45)}%` }} />
      ))}
    </div>
  )
}

/** A place with nothing in it: what that means, and what to do next. */
export function Empty({ title, hint, icon, children, page }: { title: string; hint?: string; icon?: ReactNode; children?: ReactNode; page?: boolean | undefined }) {
  const Title = page ? 'h1' : 'p'
  return (
    <div className="flex min-h-full flex-col items-center gap-1 px-8 pt-[max(2rem,16vh)] pb-8 text-center">
      {icon && <div aria-hidden className="mb-2 flex size-10 items-center justify-center rounded-full bg-hover text-fg-3">{icon}</div>}
      <Title className="font-medium">{title}</Title>
      {hint && <p className="max-w-[46ch] text-fg-3">{hint}</p>}
      {children && <div className="mt-3 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  )
}

/** One line across a page or card that says something is not as usual. */
export function Banner({ tone, children }: { tone: 'info' | 'error' | 'offline'; children: ReactNode }) {
  const Icon = { info: Info, error: AlertCircle, offline: WifiOff }[tone]
  const colours = { info: 'bg-accent-soft text-accent-text', error: 'bg-critical-soft text-critical', offline: 'bg-medium-soft text-medium' }
  return (
    <div role={tone === 'error' ? 'alert' : 'status'} className={cx('flex flex-wrap items-center gap-2 px-4 py-2 text-xs', colours[tone])}>
      <Icon size={14} aria-hidden className="shrink-0" />
      {children}
    </div>
  )
}

/** Which team has an issue; nothing where none has it. */
export function Team({ name, className }: { name: string | null; className?: string }) {
  return name && <span title={name} className={cx('inline-flex items-center gap-1 text-2xs text-fg-3', className)}><UsersRound size={11} aria-hidden className="shrink-0" /><span className="sr-only">{t.inbox.team}: </span><span dir="auto" className="truncate">{name}</span></span>
}
