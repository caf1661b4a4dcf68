import { CircleSlash } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import type { FactorOut, ReasonCode } from '../../api/schema'
import { told } from '../../api/errors'
import { said } from '../../lib/reasons'
import { percent } from '../../lib/text'
import { t } from '../../strings/work'
import { cx } from '../../ui'

type PartLike = { status?: 'ok' | 'unsure' | 'unavailable'; problem?: { code?: string; detail: string } | null; help?: string | null; help_code?: ReasonCode | null; opinion?: { detail: string; detail_code?: ReasonCode | null } | null }
type Props = { title: string; part?: PartLike; aside?: ReactNode; foot?: ReactNode; children?: ReactNode; className?: string }

/** One part of the panel. It says by itself when it is not sure, or could not answer; the others are not concerned. */
export function Card({ title, part, aside, foot, children, className }: Props) {
  const id = useId()
  const away = part?.status === 'unavailable'
  return (
    <section aria-labelledby={id} className={cx('flex flex-col border-b border-line px-4 py-3', className)}>
      <div className="mb-1 flex min-h-6 items-center gap-2">
        <h3 id={id} className="text-xs font-medium text-fg-3">{title}</h3>
        {away && <span className="inline-flex items-center gap-1 text-2xs text-fg-3"><CircleSlash size={12} aria-hidden />{t.copilot.unavailable}</span>}
        <span className="ml-auto flex items-center gap-1">{!away && aside}</span>
      </div>
      {away ? <p className="text-xs text-fg-3">{part.problem && told(part.problem)}</p> : children}
      {part?.status === 'unsure' && part.help && <p className="mt-1 text-xs text-fg-3">{said(part.help, part.help_code)}</p>}
      {part?.opinion && <p className="mt-1 text-xs text-fg-3">{said(part.opinion.detail, part.opinion.detail_code)}</p>}
      {foot}
    </section>
  )
}

type FootProps = { sure?: number | null | undefined; part?: PartLike; children: ReactNode }

/** How sure at the left, "Not right?" at the right, both at the end of the card. */
export function Foot({ sure, part, children }: FootProps) {
  const unsure = part?.status === 'unsure'
  const words = typeof sure !== 'number' ? (unsure ? t.copilot.unsure : '') : unsure ? t.copilot.littleSure(percent(sure)) : t.copilot.confidence(percent(sure))
  return (
    <div className="mt-auto flex items-center justify-between gap-2 pt-1">
      <span data-number className="text-xs text-fg-3">{words}</span>
      {children}
    </div>
  )
}

/** Reasons with their weight in tenths of log odds: to the right speaks for, to the left against. */
export function Factors({ factors, most = 4 }: { factors: readonly FactorOut[]; most?: number }) {
  const largest = Math.max(0.01, ...factors.map((factor) => Math.abs(factor.effect)))
  return (
    <ul className="space-y-1">
      {factors.slice(0, most).map(({ label, label_code, effect }) => (
        <li key={label} className="grid grid-cols-[minmax(0,1fr)_3.5rem_2.125rem] items-center gap-2 text-xs">
          <span className="text-fg-2 first-letter:uppercase">{said(label, label_code)}</span>
          <span aria-hidden className="relative h-1.5 rounded-full bg-hover">
            <i
              className={cx('absolute top-0 h-full rounded-full forced-colors:bg-[CanvasText]', effect > 0 ? 'left-1/2 bg-critical' : 'right-1/2 bg-ok')}
              style={{ width: `${(Math.abs(effect) / largest) * 50}%` }}
            />
          </span>
          <span data-number className="text-right text-fg-3">
            {effect > 0 ? '+' : '−'}{Math.max(1, Math.round(Math.abs(effect) * 10))}
            <span className="sr-only"> {effect > 0 ? t.copilot.speaksFor : t.copilot.speaksAgainst}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}

/** Reasons in words, where their weights say nothing to people. */
export function Why({ factors = [] }: { factors?: readonly FactorOut[] | undefined }) {
  if (!factors.length) return null
  return (
    <ul aria-label={t.copilot.why} className="mt-1 list-disc pl-3.5 text-xs text-fg-3 marker:text-line-strong">
      {factors.slice(0, 2).map(({ label, label_code }) => <li key={label} className="first-letter:uppercase">{said(label, label_code)}</li>)}
    </ul>
  )
}
