import { FileText } from 'lucide-react'
import { Suspense, lazy, useEffect, useRef, type KeyboardEvent } from 'react'
import { reportOutcome } from '../../api/queries/copilot'
import type { Issue } from '../../api/queries/issues'
import { UNDO_S, useAddNote, useQueueReply } from '../../api/queries/messages'
import { useCommands } from '../../app/commands'
import { toast } from '../../app/toasts'
import { findBlanks, nextBlank } from '../../lib/placeholders'
import { firstName } from '../../lib/text'
import { t } from '../../strings'
import { Button, IconButton, cx } from '../../ui'
import { Menu } from '../../ui/lazy'
import { failed } from '../inbox/actions'
import { SendMenuIcon } from './SendMenuIcon'
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
  requestAnimationFrame(() => takeFocus(issueId))
}

/** The issue whose text field is to get the focus as soon as it is there. */
let wanted: string | undefined

function takeFocus(issueId: string): void {
  const field = box()
  if (wanted !== issueId || field?.dataset.issue !== issueId) return
  wanted = undefined
  field.focus()
  field.setSelectionRange(field.value.length, field.value.length)
}

/** Puts words where the caret is, or where it would be; an empty reply becomes them. */
export function insertIntoReply(issueId: string, text: string, suggestionId?: string, markers: readonly string[] = []): void {
  const before = getDraft(issueId)
  const field = box()
  const at = before.mode === 'reply' && field && document.activeElement === field ? field.selectionStart : before.reply.length
  const gap = at > 0 && !before.reply.slice(0, at).endsWith('\n') ? '\n\n' : ''
  const reply = before.reply.slice(0, at) + gap + text + before.reply.slice(at)
  changeDraft(issueId, {
    mode: 'reply', reply, markers: [...(before.markers ?? []), ...markers],
    ...(suggestionId && { suggestionId, suggested: text }),
  })
  toast({ title: t.copilot.inserted, undo: () => changeDraft(issueId, before) })
  requestAnimationFrame(() => {
    const end = at + gap.length + text.length
    box()?.focus()
    box()?.setSelectionRange(end, end)
  })
}

/** Where an agent writes: to the customer, or a note that only colleagues see. Grows with its text. */
export function Composer({ issue }: { issue: Issue }) {
  const [draft, change] = useDraftText(issue.id)
  const send = useSend(issue, draft)
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
  useEffect(() => takeFocus(issue.id), [issue.id])
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
          <button key={one} type="button" aria-pressed={mode === one} onClick={() => onChange(one)} className="h-6 rounded-md px-2 text-xs font-medium text-fg-3 hover:text-fg aria-pressed:bg-hover aria-pressed:text-fg pointer-coarse:h-9">
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

function useSend(issue: Issue, draft: DraftText): (how: 'pending' | 'resolved' | 'note') => void {
  const queue = useQueueReply(issue.id)
  const addNote = useAddNote(issue.id)
  const undo = useUndoSend(issue.id)
  const giveBack = (part: Mode, body: string, error: unknown) => {
    changeDraft(issue.id, { mode: part, [part]: body })
    failed(error)
  }
  const sendNote = () => {
    const body = draft.note.trim()
    if (!body) return
    changeDraft(issue.id, { note: '' })
    addNote.mutate({ key: crypto.randomUUID(), body }, {
      onSuccess: () => toast({ title: t.compose.noteAdded }),
      onError: (error) => giveBack('note', body, error),
    })
  }
  const sendReply = (then_status: 'pending' | 'resolved') => {
    const body = draft.reply.trim()
    if (!body) return
    if (findBlanks(draft.reply, draft.markers ?? []).length) {
      selectBlank(draft)
      toast({ title: t.compose.placeholderBlocks, tone: 'error' })
      return
    }
    const { suggestionId, suggested } = draft
    changeDraft(issue.id, { reply: '' })
    queue.mutate({ key: crypto.randomUUID(), body, delay_s: UNDO_S, then_status }, {
      onSuccess: (queued) => {
        toast({ title: then_status === 'resolved' ? t.compose.sentAndResolved : t.compose.sent, timeout: UNDO_S * 1000, undo: () => undo(queued) })
        if (suggestionId) reportOutcome(suggestionId, body === suggested?.trim() ? { outcome: 'accepted', final_text: body } : { outcome: 'edited', final_text: body })
      },
      onError: (error) => giveBack('reply', body, error),
    })
  }
  return (how) => (how === 'note' ? sendNote() : sendReply(how))
}
