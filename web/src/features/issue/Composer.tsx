import { FileText } from 'lucide-react'
import { Suspense, lazy, useEffect, useRef, type KeyboardEvent } from 'react'
import { reportOutcome } from '../../api/queries/copilot'
import type { Issue } from '../../api/queries/issues'
import { UNDO_S, useAddNote, useQueueReply } from '../../api/queries/messages'
import { useCommands } from '../../app/commands'
import { typeAhead } from '../../app/keys'
import { failed, toast } from '../../app/toasts'
import { findBlanks, nextBlank } from '../../lib/placeholders'
import { firstName } from '../../lib/text'
import { t } from '../../strings/work'
import { Button, IconButton, cx } from '../../ui'
import { Menu } from '../../ui/lazy'
import { SendMenuIcon } from './SendMenuIcon'
import { sendText } from './sending'
import { TemplatePicker, useTemplates } from './TemplatePicker'
import { useUndoSend } from './QueuedMessage'
import { changeDraft, getDraft, useDraftText, type DraftText, type Mode } from './useDraftText'

const Rewrite = lazy(() => import('./Rewrite'))
const boxId = 'composer'
const box = (): HTMLTextAreaElement | null => document.querySelector<HTMLTextAreaElement>(`#${boxId}`)

/** Shows one of the two texts and puts the caret at its end. */
export function focusComposer(issueId: string, mode: Mode): void {
  changeDraft(issueId, { mode })
  wanted = issueId
  typeAhead((typed) => changeDraft(issueId, { [mode]: getDraft(issueId)[mode] + typed }))
  requestAnimationFrame(() => takeFocus(issueId))
}

/** The issue whose text field is to get the focus as soon as it is there. */
let wanted: string | undefined

function takeFocus(issueId: string): void {
  const field = box()
  if (wanted !== issueId || field?.dataset.issue !== issueId) return
  wanted = undefined
  typeAhead(undefined)
  field.focus()
  field.setSelectionRange(field.value.length, field.value.length)
}

/** Puts words where the caret is, or was last; an empty reply becomes them. Undoing it takes just these words out. */
export function insertIntoReply(issueId: string, text: string, suggestionId?: string, markers: readonly string[] = []): void {
  const before = getDraft(issueId)
  const { suggested, markers: marked = [], reply } = before
  const field = box()
  const at = before.mode === 'reply' && field?.dataset.issue === issueId ? field.selectionStart : reply.length
  const [head, rest] = [reply.slice(0, at), reply.slice(at)]
  const gap = head && !head.endsWith('\n') ? '\n\n' : ''
  const added = gap + text + (rest && !rest.startsWith('\n') ? '\n\n' : '')
  changeDraft(issueId, {
    mode: 'reply', reply: head + added + rest, markers: [...marked, ...markers],
    ...(suggestionId && { suggestionId, suggested: text }),
  })
  const undo = () => {
    const now = getDraft(issueId).reply
    const from = now.startsWith(added, at) ? at : now.indexOf(added)
    if (from < 0) toast({ title: t.copilot.insertedChanged, tone: 'error' })
    else changeDraft(issueId, { reply: now.slice(0, from) + now.slice(from + added.length), suggestionId: before.suggestionId, suggested, markers: marked })
  }
  toast({ title: t.copilot.inserted, undo })
  requestAnimationFrame(() => {
    const shown = box()
    if (shown?.dataset.issue !== issueId) return
    const end = at + gap.length + text.length
    shown.focus()
    shown.setSelectionRange(end, end)
  })
}

/** Where an agent writes: to the customer, or a note that only colleagues see. Grows with its text. */
export function Composer({ issue }: { issue: Issue }) {
  const [draft, change] = useDraftText(issue.id)
  const send = useSend(issue)
  const templates = useTemplates()
  const note = draft.mode === 'note'
  const text = note ? draft.note : draft.reply
  const blanks = note ? [] : findBlanks(draft.reply, draft.markers ?? [])
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    // As tall as its text, up to the height that CSS allows.
    const element = field.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${Math.max(56, element.scrollHeight)}px`
  }, [text])
  useEffect(() => {
    // A field that was never in use has its caret at the start; words are put in at the end of what is there.
    const element = field.current
    element?.setSelectionRange(element.value.length, element.value.length)
    takeFocus(issue.id)
  }, [issue.id])
  useCommands([
    { id: 'compose.templates', label: t.compose.templates, group: 'compose', keys: ['t', '/'], run: () => { focusComposer(issue.id, 'reply'); templates.setOpen(true) } },
    { id: 'compose.send', label: note ? t.compose.addNote : t.compose.send, group: 'compose', keys: ['mod+enter'], whileTyping: true, run: () => send(note ? 'note' : 'pending') },
    { id: 'compose.sendResolve', label: t.compose.sendAndResolve, group: 'compose', keys: ['mod+shift+enter'], whileTyping: true, run: () => { if (!note) send('resolved') } },
  ])
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Escape') {
      event.preventDefault()
      event.currentTarget.blur()
      document.querySelector<HTMLElement>('#conversation')?.focus()
    }
    if (event.key === '/' && !note && /(^|\s)$/.test(text.slice(0, event.currentTarget.selectionStart))) {
      event.preventDefault()
      templates.setOpen(true)
    }
  }
  const name = issue.customer?.name
  return (
    <div className="shrink-0 px-3 pb-3 sm:px-6">
      <div className={cx('mx-auto max-w-[680px] rounded-xl border transition-colors focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-accent', note ? 'border-note-line bg-note' : 'border-line-strong bg-raised')}>
        <Kinds mode={draft.mode} onChange={(mode) => focusComposer(issue.id, mode)} saved={text ? draft.saved : 'nothing'} />
        <textarea
          id={boxId} ref={field} data-issue={issue.id} dir="auto" value={text} rows={2} maxLength={100_000} onKeyDown={onKeyDown}
          onChange={(event) => change({ [draft.mode]: event.target.value })}
          aria-label={note ? t.compose.noteLabel : t.compose.replyLabel}
          aria-describedby={blanks.length ? 'composer-blanks' : undefined}
          placeholder={note ? t.compose.writeNote : name ? t.compose.writeTo(firstName(name)) : t.compose.writeToCustomer}
          className="block max-h-[38vh] w-full resize-none bg-transparent px-3 py-1.5 text-base outline-none placeholder:text-fg-3"
        />
        <div className="flex flex-wrap items-center gap-1 px-2 pb-2">
          {!note && <TemplatePicker issueId={issue.id} state={templates} trigger={<IconButton label={t.compose.templates} keys="t"><FileText size={15} aria-hidden /></IconButton>} />}
          {!note && <Suspense fallback={<span className="size-7 pointer-coarse:size-11" />}><Rewrite issue={issue} empty={!text.trim()} /></Suspense>}
          {blanks.length > 0 && (
            <button id="composer-blanks" type="button" onClick={() => selectBlank(draft)} className="min-h-6 rounded-sm px-1 text-xs text-high underline underline-offset-2">{t.compose.placeholders(blanks.length)}</button>
          )}
          <span className="ml-auto flex items-center gap-1">
            {!note && <Menu label={t.compose.sendOptions} align="end" trigger={<SendMenuIcon />} items={[{ id: 'resolve', label: t.compose.sendAndResolve, keys: 'mod+shift+enter', run: () => send('resolved') }]} />}
            <Button variant="primary" keys="mod+enter" disabled={!text.trim()} onClick={() => send(note ? 'note' : 'pending')}>{note ? t.compose.addNote : t.compose.send}</Button>
          </span>
        </div>
      </div>
    </div>
  )
}

function Kinds({ mode, onChange, saved }: { mode: Mode; onChange: (mode: Mode) => void; saved: DraftText['saved'] }) {
  const words = { nothing: '', device: t.compose.draftLocal, server: t.compose.draftSaved }
  return (
    <div className="flex items-center gap-1 px-2 pt-1.5">
      <div role="group" aria-label={t.compose.kind} className="flex gap-1">
        {(['reply', 'note'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={mode === one} onClick={() => onChange(one)} className="h-6 rounded-md px-2 text-xs font-medium text-fg-3 hover:text-fg aria-pressed:bg-hover aria-pressed:text-fg forced-colors:aria-pressed:outline-2 pointer-coarse:h-9">
            {t.compose[one]}
          </button>
        ))}
      </div>
      <span className="ml-auto pr-1 text-2xs text-fg-3">{words[saved]}</span>
    </div>
  )
}

/** Selects the next blank that a template left. */
function selectBlank(draft: DraftText): void {
  const field = box()
  const blank = nextBlank(findBlanks(draft.reply, draft.markers ?? []), field?.selectionEnd ?? 0)
  if (!field || !blank) return
  field.focus()
  field.setSelectionRange(blank.start, blank.end)
}

function useSend(issue: Issue): (how: 'pending' | 'resolved' | 'note') => void {
  const queue = useQueueReply(issue.id)
  const addNote = useAddNote(issue.id)
  const undo = useUndoSend(issue.id)
  const sendNote = () => {
    if (!getDraft(issue.id).note.trim()) return
    sendText(issue.id, 'note', 'note', (key, body) => addNote.mutateAsync({ key, body }))
      .then(() => toast({ title: t.compose.noteAdded }), failed)
  }
  const sendReply = (then_status: 'pending' | 'resolved') => {
    const draft = getDraft(issue.id)
    const { suggestionId, suggested } = draft
    const body = draft.reply.trim()
    if (!body) return
    if (findBlanks(draft.reply, draft.markers ?? []).length) {
      selectBlank(draft)
      toast({ title: t.compose.placeholderBlocks, tone: 'error' })
      return
    }
    sendText(issue.id, 'reply', then_status, (key) => queue.mutateAsync({ key, body, delay_s: UNDO_S, then_status })).then((queued) => {
      toast({ title: then_status === 'resolved' ? t.compose.sentAndResolved : t.compose.sent, timeout: UNDO_S * 1000, undo: () => undo(queued) })
      if (suggestionId) reportOutcome(suggestionId, body === suggested?.trim() ? { outcome: 'accepted', final_text: body } : { outcome: 'edited', final_text: body })
    }, failed)
  }
  return (how) => (how === 'note' ? sendNote() : sendReply(how))
}
