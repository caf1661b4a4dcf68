import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { fieldComes } from '../../app/earlyKeys'
import { Skeleton, cx } from '../../ui'

export type Option = { id: string; title: string; detail: ReactNode; words: string; icon?: ReactNode; chosen?: boolean; section?: string | undefined }
type Props = { id: string; label: string; hint: string; none: string; options: readonly Option[] | undefined; onChoose: (id: string) => void; made?: (words: string) => Option | undefined; onWords?: ((words: string) => void) | undefined; onInHand?: (id: string | undefined) => void; pick?: boolean }
const SHOWN = 30

/**
 * A line to search in and what fits below it; the arrows move, Enter chooses. `made` offers what is typed itself. With
 * `pick` false a press takes an entry in hand and does not choose it; `onInHand` is told of it.
 */
export function Finder({ id, label, hint, none, options, onChoose, made, onWords, onInHand, pick = true }: Props) {
  const [words, setWords] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // What is typed before the line has the focus is for it.
    fieldComes()
    field.current?.focus()
  }, [])
  const [at, setAt] = useState(0)
  const fits = (text: string) => words.toLowerCase().split(/\s+/).every((word) => text.toLowerCase().includes(word))
  const inSections = (all: readonly Option[], most?: number) => [...new Set(all.map((option) => option.section))].map((section) => [section, all.filter((option) => option.section === section).slice(0, most)] as const)
  const fitting = inSections((options ?? []).filter((option) => fits(`${option.title} ${option.words}`)), SHOWN).flatMap(([, own]) => own)
  const typed = made?.(words)
  const found = typed ? [...fitting, typed] : fitting
  const inHand = found[at]?.id
  useEffect(() => onInHand?.(inHand), [inHand, onInHand])
  useEffect(() => onWords?.(words), [words, onWords])
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      setAt((at + step + found.length) % Math.max(1, found.length))
    } else if (event.key === 'Enter' && found[at]) {
      event.preventDefault()
      onChoose(found[at].id)
    }
  }
  const draw = (option: Option) => (
    <div
      key={option.id} id={`${id}-${option.id}`} role="option" aria-selected={option.id === inHand} aria-checked={option.chosen} tabIndex={-1}
      onClick={() => (pick ? onChoose(option.id) : setAt(found.indexOf(option)))} onKeyDown={onKeyDown} onMouseMove={() => pick && setAt(found.indexOf(option))} ref={(element) => { if (option.id === inHand) element?.scrollIntoView({ block: 'nearest' }) }}
      className={cx('rounded-md px-2 py-1 -outline-offset-2', option.id === inHand && 'bg-selected forced-colors:outline-2')}
    >
      <span className="flex items-center gap-1.5 font-medium">{option.icon}<span className="truncate">{option.title}</span></span>
      {option.detail !== null && <span className="block truncate text-xs text-fg-3">{option.detail}</span>}
    </div>
  )
  return (
    <>
      <input
        ref={field}
        role="combobox" aria-expanded aria-controls={`${id}-list`} aria-activedescendant={found[at] && `${id}-${found[at].id}`} aria-label={hint}
        placeholder={hint} value={words} onKeyDown={onKeyDown} onChange={(event) => { setWords(event.target.value); setAt(0) }}
        className="mb-2 block h-8 w-full rounded-md border border-line-strong bg-panel px-2.5 text-sm placeholder:text-fg-3"
      />
      {!options && <Skeleton rows={4} className="!p-1" />}
      {options && !found.length && <p className="py-4 text-center text-fg-3">{none}</p>}
      <div id={`${id}-list`} role="listbox" aria-label={label} className="max-h-72 overflow-y-auto">
        {inSections(found).map(([section, own]) => (section === undefined
          ? own.map(draw)
          : <div key={section} role="group" aria-label={section}><p aria-hidden className="px-2 pt-1.5 pb-1 text-2xs font-medium text-fg-3">{section}</p>{own.map(draw)}</div>))}
      </div>
    </>
  )
}
