import { useQuery } from '@tanstack/react-query'
import { useState, type KeyboardEvent, type MouseEvent, type SyntheticEvent } from 'react'
import { flushSync } from 'react-dom'
import { meQuery } from '../../api/queries/me'
import { colleaguesQuery } from '../../api/queries/mentions'
import { matchingNames, typedName, withName, type Named, type Typed } from '../../lib/mentions'
import { words } from '../../strings/pages/writing'
import { Avatar, cx } from '../../ui'

const LIST = 'mention-list'
const optionId = (index: number) => `mention-${index}`

/**
 * Offers colleagues while a name is typed after an `@` in a note. The caret stays in the text: arrows move in the list,
 * Enter and Tab take, Escape leaves it.
 */
export function useMentions(issueId: string, note: boolean, text: string, put: (text: string) => void) {
  const [typed, setTyped] = useState<Typed>()
  const [left, setLeft] = useState<number>()
  const [at, setAt] = useState(0)
  const { data: me } = useQuery(meQuery)
  const { data: everybody = [] } = useQuery({ ...colleaguesQuery(issueId), enabled: note })
  const found = note && typed && typed.start !== left ? matchingNames(everybody, typed.words, me?.id) : []
  const open = found.length > 0
  const here = Math.min(at, found.length - 1)

  const follow = ({ currentTarget: field }: SyntheticEvent<HTMLTextAreaElement>) => {
    const next = note && field.selectionStart === field.selectionEnd ? typedName(field.value, field.selectionStart) : undefined
    if (next?.start !== typed?.start || next?.words !== typed?.words) {
      setTyped(next)
      setAt(0)
    }
    if (next?.start !== left) setLeft(undefined)
  }
  const take = (field: HTMLTextAreaElement | null, { name }: Named) => {
    if (!typed) return
    const after = withName(text, typed, name)
    // At once, so that what is typed next goes behind the name.
    flushSync(() => {
      put(after.text)
      setTyped(undefined)
    })
    field?.focus()
    field?.setSelectionRange(after.caret, after.caret)
  }
  /** Whether the key was for the list. */
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    const chosen = found[here]
    if (!chosen || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) setAt((here + step + found.length) % found.length)
    else if (event.key === 'Enter' || event.key === 'Tab') take(event.currentTarget, chosen)
    else if (event.key === 'Escape') setLeft(typed?.start)
    else return false
    event.preventDefault()
    return true
  }
  const field = {
    onSelect: follow,
    onBlur: () => setTyped(undefined),
    ...(note && { 'aria-autocomplete': 'list' as const, 'aria-haspopup': 'listbox' as const }),
    ...(open && { 'aria-controls': LIST, 'aria-activedescendant': optionId(here) }),
  }
  return { onKey, follow, field, list: note && <Names found={found} at={here} onPoint={setAt} onTake={(one) => take(document.querySelector('#composer'), one)} /> }
}

/** The text keeps the focus while somebody points at a name. */
const keepCaret = (event: MouseEvent) => event.preventDefault()

type NamesProps = { found: readonly Named[]; at: number; onPoint: (at: number) => void; onTake: (one: Named) => void }

function Names({ found, at, onPoint, onTake }: NamesProps) {
  return (
    <>
      <p role="status" className="sr-only">{found.length > 0 && words.mentionFound(found.length)}</p>
      {found.length > 0 && (
        <div id={LIST} role="listbox" aria-label={words.mention} className="absolute bottom-full left-2 z-20 mb-1 max-h-64 w-72 max-w-[calc(100%-1rem)] overflow-y-auto rounded-lg border border-line bg-raised p-1 text-fg shadow-pop">
          {found.map((one, index) => (
            <button
              type="button" key={one.name} id={optionId(index)} role="option" aria-selected={index === at} tabIndex={-1}
              onMouseDown={keepCaret} onClick={() => onTake(one)} onMouseMove={() => onPoint(index)}
              ref={(element) => { if (index === at) element?.scrollIntoView({ block: 'nearest' }) }}
              className={cx('flex min-h-8 w-full -outline-offset-2 items-center gap-2 rounded-md px-2 py-1 text-sm pointer-coarse:min-h-11', index === at && 'bg-selected forced-colors:outline-2')}
            >
              <Avatar name={one.name} size={18} />
              <span dir="auto" className="truncate">{one.name}</span>
              {one.people > 1 && <span className="ml-auto shrink-0 text-xs text-fg-3">{words.mentionMany(one.people)}</span>}
            </button>
          ))}
        </div>
      )}
    </>
  )
}
