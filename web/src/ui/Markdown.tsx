import { micromark } from 'micromark'
import { byMarks } from '../lib/takenOut'
import { cx } from '.'

/** Switches pictures off in every way to write one, by a reference too. */
const NO_PICTURES = { disable: { null: ['labelStartImage'] } }
/** What is left of a link to nowhere, or to an address that is not harmless. No text looks like this: its HTML is escaped. */
const NOWHERE = /<a href=""[^>]*>([\s\S]*?)<\/a>/g

/**
 * Markdown as it will be read. The library lets no HTML of the text through and only harmless addresses, so what it
 * answers is safe to show; pictures are left out, since they would be fetched from elsewhere.
 */
export function Markdown({ text, className, markTakenOut }: { text: string; className?: string; /** Marks what was taken out of a learned text. */ markTakenOut?: boolean }) {
  const plain = micromark(text.replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1'), { extensions: [NO_PICTURES] }).replace(NOWHERE, '$1')
  const html = markTakenOut ? marked(plain) : plain
  // eslint-disable-next-line no-restricted-syntax -- made here from Markdown, of which HTML is only shown as text
  return <div dir="auto" className={cx('prose', className)} dangerouslySetInnerHTML={{ __html: html }} />
}

/** Only between tags: every second piece is one. */
const marked = (html: string): string =>
  html.split(/(<[^>]*>)/).map((piece, at) => (at % 2 ? piece : byMarks(piece).map((part, index) => (index % 2 ? `<mark>${part}</mark>` : part)).join(''))).join('')
