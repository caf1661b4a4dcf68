import { PanelRightOpen } from 'lucide-react'
import { useRef, useState, type ReactElement, type RefObject } from 'react'
import type { Source } from '../../lib/citations'
import { t } from '../../strings/work'
import { Button } from '../../ui'
import { Popover } from '../../ui/lazy'
import { words } from '../../strings/pages/source'
import { jumpToMessage } from '../issue/jump'
import { setOpenSource } from './openSource'

const kindWord = (kind: string): string => t.copilot.sourceKind[kind] ?? kind

/** A number in the text that shows where the sentence comes from. */
export function CitationChip({ source }: { source: Source }) {
  const chip = useRef<HTMLButtonElement>(null)
  const trigger = (
    <button
      ref={chip} type="button" aria-label={t.copilot.sourceChip(source.number, source.title)}
      className="relative mx-0.5 inline-flex h-4 min-w-4 items-center justify-center rounded-sm bg-raised px-1 align-[1px] text-2xs font-semibold text-accent-text after:absolute after:-inset-1 hover:bg-selected"
    >
      {source.number}
    </button>
  )
  return <Glance source={source} from={chip} trigger={trigger} />
}

/** The cited words at a glance; from there the whole source. */
function Glance({ source, from, trigger }: { source: Source; from: RefObject<HTMLElement | null>; trigger: ReactElement }) {
  const [open, setOpen] = useState(false)
  const show = () => {
    setOpen(false)
    setOpenSource({ source, from: from.current })
  }
  return <Popover title={source.title} className="w-80" open={open} onOpenChange={setOpen} trigger={trigger}><SourceCard source={source} onShow={show} /></Popover>
}

function SourceCard({ source, onShow }: { source: Source; onShow: () => void }) {
  return (
    <div className="space-y-2 text-xs">
      <p className="text-fg-3">{kindWord(source.kind)}</p>
      {source.sentences.slice(0, 3).map((sentence) => <blockquote key={sentence} className="border-l-2 border-accent pl-2 text-fg-2">{sentence}</blockquote>)}
      {source.kind === 'conversation'
        ? <button type="button" onClick={() => jumpToMessage(source.id)} className="min-h-6 font-medium text-accent-text hover:underline">{t.copilot.summaryJump}</button>
        : <Button onClick={onShow}><PanelRightOpen size={13} aria-hidden />{words.open}</Button>}
    </div>
  )
}

/** The sources under the text, by number. */
export function SourceList({ sources }: { sources: readonly Source[] }) {
  if (!sources.length) return null
  return (
    <ol aria-label={t.copilot.sources} className="mt-2">
      {sources.map((source) => <li key={source.id}><Listed source={source} /></li>)}
    </ol>
  )
}

function Listed({ source }: { source: Source }) {
  const row = useRef<HTMLButtonElement>(null)
  const trigger = (
    <button ref={row} type="button" className="flex min-h-6 w-full items-center gap-2 rounded-md px-1.5 py-0.5 text-left hover:bg-hover">
      <span data-number className="text-2xs font-semibold text-accent-text">{source.number}</span>
      <span className="truncate text-xs">{source.title}</span>
      <span className="ml-auto shrink-0 text-2xs text-fg-3">{kindWord(source.kind)}</span>
    </button>
  )
  return <Glance source={source} from={row} trigger={trigger} />
}
