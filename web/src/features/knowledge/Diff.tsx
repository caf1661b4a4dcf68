import { words } from '../../strings/pages/knowledge'
import { changesBetween, folded, type Change } from './changes'

/** Line by line what goes and what comes, in a changed line the words of it; told by sign and word, not by colour alone. `names`: what both texts are called. */
export function Diff({ before, after, names }: { before: string; after: string; names: { before: string; after: string } }) {
  const changes = changesBetween(before, after)
  if (changes.every(({ kind }) => kind === 'same')) return <p className="text-fg-3">{words.sameText}</p>
  return (
    <ul aria-label={words.nowAndThen} className="overflow-hidden rounded-xl border border-line font-mono text-xs">
      {folded(changes).map((change, index) => (change.kind === 'rest'
        ? <li key={index} className="border-y border-line bg-canvas px-3 py-0.5 text-fg-3">{words.sameLines(change.lines)}</li>
        : (
          <li key={index} className={change.kind === 'gone' ? 'bg-critical-soft text-critical' : change.kind === 'new' ? 'bg-ok-soft text-ok' : 'text-fg-2'}>
            <span className="flex gap-2 px-3 py-0.5">
              <span aria-hidden className="w-3 shrink-0 select-none">{change.kind === 'gone' ? '−' : change.kind === 'new' ? '+' : ''}</span>
              {change.kind !== 'same' && <span className="sr-only">{change.kind === 'gone' ? names.before : names.after}: </span>}
              <span dir="auto" className="min-w-0 break-words whitespace-pre-wrap">{change.pieces ? <Pieces of={change} pieces={change.pieces} /> : change.text || ' '}</span>
            </span>
          </li>
        )))}
    </ul>
  )
}

/** A line with its changed words marked; long stretches that are the same in both texts are left out. */
function Pieces({ of, pieces }: { of: Change; pieces: NonNullable<Change['pieces']> }) {
  const Marked = of.kind === 'gone' ? 'del' : 'ins'
  return pieces.map(({ kind, text }, index) => {
    if (kind === 'cut') return <span key={index} className="text-fg-2"><span aria-hidden> … </span><span className="sr-only"> {words.sameWords} </span></span>
    return kind === 'changed' ? <Marked key={index} className="rounded-sm font-semibold underline decoration-2 underline-offset-2">{text}</Marked> : <span key={index} className="text-fg-2">{text}</span>
  })
}
