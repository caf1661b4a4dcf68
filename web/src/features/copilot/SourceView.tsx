import { Dialog as Base } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { X } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { issueQuery } from '../../api/queries/issues'
import { articleQuery } from '../../api/queries/knowledge'
import { templateQuery } from '../../api/queries/templateEditor'
import { ErrorView } from '../../app/ErrorPage'
import type { Source } from '../../lib/citations'
import { findPassages } from '../../lib/passages'
import { t } from '../../strings/work'
import { words } from '../../strings/pages/source'
import { Skeleton } from '../../ui'
import { Markdown } from '../../ui/Markdown'
import { setOpenSource, type OpenSource } from './openSource'

const HIGHLIGHT = 'cited'
const BLOCKS = 'p, li, h1, h2, h3, h4, h5, h6, td, pre'

/** A source in full beside Copilot, or over it where there is no room; what was cited is marked and in view. */
export default function SourceView({ source, from, beside }: OpenSource & { beside: boolean }) {
  const close = () => setOpenSource(undefined)
  const place = beside
    ? 'inset-y-0 right-[21.25rem] z-30 w-[min(28.75rem,calc(100vw-21.25rem))] border-x min-[87.5rem]:right-[22.5rem]'
    : 'z-50 max-md:inset-x-0 max-md:bottom-0 max-md:h-[85dvh] max-md:rounded-t-xl max-md:border-t md:inset-y-0 md:right-[min(25rem,50vw)] md:w-[min(28.75rem,50vw)] md:border-x'
  return (
    <Base.Root open onOpenChange={(next) => { if (!next) close() }} modal={!beside} disablePointerDismissal={beside}>
      <Base.Portal>
        {!beside && <Base.Backdrop className="fixed inset-0 z-40 bg-scrim" />}
        <Base.Popup finalFocus={() => from} data-keys-of="copilot" className={clsx('fixed flex flex-col border-line bg-raised text-fg shadow-pop outline-none', place)}>
          <header className="flex min-h-11 shrink-0 items-center gap-2 border-b border-line py-1.5 pr-2 pl-4">
            <span className="inline-flex h-5 min-w-5 shrink-0 items-center justify-center rounded-sm bg-accent-soft px-1 text-2xs font-semibold text-accent-text"><span className="sr-only">{words.source} </span>{source.number}</span>
            <Base.Title dir="auto" className="min-w-0 flex-1 truncate font-semibold">{source.title}</Base.Title>
            <Base.Close aria-label={t.app.close} className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-fg-2 hover:bg-hover hover:text-fg pointer-coarse:size-11"><X size={15} aria-hidden /></Base.Close>
          </header>
          <Whole source={source} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

function Whole({ source }: { source: Source }) {
  if (source.kind === 'article') return <Article source={source} />
  if (source.kind === 'template') return <Template source={source} />
  return <Resolution source={source} />
}

function Article({ source }: { source: Source }) {
  const { data, error, refetch } = useQuery(articleQuery(source.id))
  const link = <Link to="/knowledge/articles/$articleId" params={{ articleId: source.id }}>{t.copilot.openArticle}</Link>
  return <Text source={source} error={error} onRetry={() => void refetch()} link={link} text={data?.body}>{data && <Markdown text={data.body} />}</Text>
}

function Template({ source }: { source: Source }) {
  const { data, error, refetch } = useQuery(templateQuery(source.id))
  const link = <Link to="/templates/$templateId" params={{ templateId: source.id }}>{words.openTemplate}</Link>
  return <Text source={source} error={error} onRetry={() => void refetch()} link={link} text={data?.body}>{data && <Paragraphs text={data.body} />}</Text>
}

/** What solved an earlier issue. */
function Resolution({ source }: { source: Source }) {
  const { data, error, refetch } = useQuery(issueQuery(source.id))
  const fix = data?.resolution
  const link = <Link to="/inbox/$view/$issueId" params={{ view: 'all', issueId: source.id }}>{words.openIssue}</Link>
  const steps = fix?.steps.filter((step): step is string => typeof step === 'string') ?? []
  return (
    <Text source={source} error={error} onRetry={() => void refetch()} link={link} text={data && [fix?.text, ...steps].join('\n')}>
      {data && !fix && <p className="text-fg-3">{words.noFix}</p>}
      {fix && <><h3 className="mb-1.5 text-xs font-medium text-fg-3">{words.fix}</h3><Paragraphs text={fix.text} /></>}
      {steps.length > 0 && <ol className="mt-3 list-decimal space-y-1 pl-5">{steps.map((step) => <li key={step} dir="auto">{step}</li>)}</ol>}
    </Text>
  )
}

const Paragraphs = ({ text }: { text: string }) => (
  <div className="space-y-3">{text.split(/\n{2,}/).map((paragraph, index) => <p key={index} dir="auto" className="whitespace-pre-wrap">{paragraph}</p>)}</div>
)

type TextProps = { source: Source; text: string | undefined; error: Error | null; onRetry: () => void; link: ReactNode; children: ReactNode }

function Text({ source, text, error, onRetry, link, children }: TextProps) {
  const box = useRef<HTMLDivElement>(null)
  const found = useMarked(box, source.sentences, text)
  return (
    <>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keys */}
      <div ref={box} role="region" aria-label={source.title} tabIndex={0} className="source min-h-0 flex-1 overflow-y-auto px-4 py-4 text-base focus-visible:-outline-offset-2">
        {error && text === undefined && <ErrorView error={error} onRetry={onRetry} />}
        {!error && text === undefined && <Skeleton rows={8} />}
        {children}
      </div>
      <footer className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 border-t border-line px-4 text-xs text-fg-3">
        <span role="status">{found === undefined ? '' : words.found(found)}</span>
        <span className="ml-auto inline-flex min-h-6 items-center font-medium text-accent-text hover:[&_a]:underline pointer-coarse:[&_a]:py-3">{link}</span>
      </footer>
    </>
  )
}

/** Marks what the sentences come from and brings the first of it into view; returns how many passages there are. */
function useMarked(box: { current: HTMLDivElement | null }, sentences: readonly string[], text: string | undefined): number | undefined {
  const [found, setFound] = useState<number>()
  useLayoutEffect(() => {
    const root = box.current
    if (!root || text === undefined) return
    const blocks = [...root.querySelectorAll<HTMLElement>(BLOCKS)].filter((block) => !block.querySelector(BLOCKS))
    const passages = findPassages(blocks.map((block) => block.textContent), sentences)
    const marked = passages.flatMap((passage) => blocks[passage.block] ?? [])
    for (const block of marked) block.dataset.cited = ''
    const ranges = passages.flatMap((passage) => rangeIn(blocks[passage.block], passage.start, passage.end) ?? [])
    // Where the browser cannot mark a range, the line beside the paragraph tells.
    if ('highlights' in CSS) CSS.highlights.set(HIGHLIGHT, new Highlight(...ranges))
    marked[0]?.scrollIntoView({ block: 'center' })
    // Said once the words are there to be heard of.
    const frame = requestAnimationFrame(() => setFound(passages.length))
    return () => {
      cancelAnimationFrame(frame)
      for (const block of marked) delete block.dataset.cited
    }
  }, [box, sentences, text])
  useEffect(() => () => { if ('highlights' in CSS) CSS.highlights.delete(HIGHLIGHT) }, [])
  return found
}

function rangeIn(block: HTMLElement | undefined, start: number, end: number): Range | undefined {
  if (!block) return
  const range = document.createRange()
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
  let at = 0
  let begun = false
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0
    if (!begun && start < at + length) {
      range.setStart(node, start - at)
      begun = true
    }
    if (begun && end <= at + length) {
      range.setEnd(node, end - at)
      return range
    }
    at += length
  }
}
