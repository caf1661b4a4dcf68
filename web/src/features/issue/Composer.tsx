import { FileText } from 'lucide-react'
import { Suspense, useEffect, useRef, useState, type ClipboardEvent, type DragEvent, type KeyboardEvent } from 'react'
import { reportOutcome } from '../../api/queries/copilot'
import { attachmentsQuery, type Issue } from '../../api/queries/issues'
import { meQuery } from '../../api/queries/me'
import { UNDO_S, useAddNote, useQueueReply } from '../../api/queries/messages'
import { queryClient } from '../../api/queryClient'
import { useCommands } from '../../app/commands'
import { fieldComes } from '../../app/earlyKeys'
import { failed, offerUndo, toast } from '../../app/toasts'
import { findBlanks, nextBlank } from '../../lib/placeholders'
import { firstName } from '../../lib/text'
import { lazyPart } from '../../lib/lazyPart'
import { t } from '../../strings/work'
import { words } from '../../strings/pages/writing'
import { Button, IconButton, cx } from '../../ui'
import { Menu } from '../../ui/lazy'
import { box, boxId, focusComposer, takeFocus } from './composing'
import { AttachButton, DraftFiles, filesOf, useDraftFiles } from './DraftFiles'
import { isOver, matter } from './matters'
import { SendMenuIcon } from './SendMenuIcon'
import { sendText } from './sending'
import { TemplatePicker, useTemplates } from './TemplatePicker'
import { useUndoSend } from './QueuedMessage'
import { addFiles, stopWaiting, takeOut, uploadsOf, whenUploaded } from './uploads'
import type { MacroState } from './Macros'
import { useMacros } from './useMacros'
import { useMentions } from './useMentions'
import { changeDraft, getDraft, useDraftText, type DraftFile, type DraftText, type Mode } from './useDraftText'

const MAX_CHARS = 100_000
type How = 'pending' | 'resolved' | 'note'

const Rewrite = lazyPart(() => import('./Rewrite'))
const Macros = lazyPart(() => import('./Macros'))
const Along = lazyPart(() => import('./Along'))
const Signature = lazyPart(() => import('./Signature'))
const TakeOver = lazyPart(() => import('../merge/TakeOver'))
const signing = () => import('../../lib/signature')

/** Where an agent writes: to the customer, or a note that only colleagues see. Grows with its text. */
export function Composer({ issue }: { issue: Issue }) {
  const [draft, change] = useDraftText(issue.id)
  const files = useDraftFiles(issue.id, draft.mode)
  const send = useSend(issue, files)
  const { over, taking } = useTaking(issue.id, draft.mode, files?.length ?? 0)
  const macros = useMacros(issue.id)
  const templates = useTemplates()
  const note = draft.mode === 'note'
  const text = note ? draft.note : draft.reply
  const blanks = note ? [] : findBlanks(draft.reply, draft.markers ?? [])
  const mentions = useMentions(issue.id, note, text, (next) => change({ note: next }))
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    // As tall as its text, up to the height that CSS allows.
    const element = field.current
    if (!element) return
    element.style.height = ''
    // Nothing to measure, which would have the browser lay the page out once more.
    if (text) element.style.height = `${element.scrollHeight}px`
  }, [text])
  useEffect(() => {
    // A field that was never in use has its caret at the start; words are put in at the end of what is there.
    const element = field.current
    element?.setSelectionRange(element.value.length, element.value.length)
    takeFocus(issue.id)
  }, [issue.id])
  // That blanks are to be filled is said no longer than they stand there.
  useEffect(() => () => isOver(blanksOf(issue.id)), [issue.id, blanks.length])
  useCommands([
    { id: 'compose.templates', label: t.compose.templates, group: 'compose', keys: ['t', '/'], opens: true, run: () => { changeDraft(issue.id, { mode: 'reply' }); templates.setOpen(true) } },
    { id: 'compose.send', label: note ? t.compose.addNote : t.compose.send, group: 'compose', keys: ['mod+enter'], whileTyping: true, run: () => send(note ? 'note' : 'pending') },
    { id: 'compose.sendResolve', label: t.compose.sendAndResolve, group: 'compose', keys: ['mod+shift+enter'], whileTyping: true, run: () => { if (!note) send('resolved') } },
  ])
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (mentions.onKey(event)) return
    if (event.key === 'Escape') {
      event.preventDefault()
      event.currentTarget.blur()
      document.querySelector<HTMLElement>('#conversation')?.focus()
    }
    if (event.key === '/' && !note && /(^|\s)$/.test(text.slice(0, event.currentTarget.selectionStart))) {
      event.preventDefault()
      // What is typed next is for what opens.
      fieldComes((typed) => change({ reply: getDraft(issue.id).reply + typed }))
      templates.setOpen(true)
    }
  }
  const name = issue.customer?.name
  return (
    <div className="shrink-0 px-3 pb-3 sm:px-6">
      <div {...taking} className={cx('relative mx-auto max-w-[42.5rem] rounded-xl border transition-colors focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-accent', note ? 'border-note-line bg-note' : 'border-line-strong bg-raised')}>
        {over && <p className="pointer-events-none absolute inset-0 z-10 flex items-center justify-center rounded-xl border-2 border-dashed border-accent bg-accent-soft text-sm font-medium text-accent-text">{words.dropHere}</p>}
        {mentions.list}
        <Kinds mode={draft.mode} onChange={(mode) => focusComposer(issue.id, mode)} saved={text ? draft.saved : 'nothing'} />
        <textarea
          id={boxId} ref={field} data-issue={issue.id} dir="auto" value={text} rows={2} maxLength={MAX_CHARS} onKeyDown={onKeyDown}
          onChange={(event) => { stopWaiting(issue.id, draft.mode); change({ [draft.mode]: event.target.value }); mentions.follow(event) }} {...mentions.field}
          aria-label={note ? t.compose.noteLabel : t.compose.replyLabel}
          aria-describedby={blanks.length ? 'composer-blanks' : undefined}
          placeholder={note ? t.compose.writeNote : name ? t.compose.writeTo(firstName(name)) : t.compose.writeToCustomer}
          className="block max-h-[38vh] min-h-14 w-full resize-none bg-transparent px-3 py-1.5 text-base outline-none placeholder:text-fg-3"
        />
        <Elsewhere issue={issue} />
        {!note && <><Suspense><Signature issueId={issue.id} draft={draft} /></Suspense><Suspense><Along issueId={issue.id} draft={draft} /></Suspense></>}
        <DraftFiles issueId={issue.id} part={draft.mode} files={files ?? []} />
        <div className="flex flex-wrap items-center gap-1 px-2 pb-2">
          <Tools issue={issue} draft={draft} attached={files?.length ?? 0} templates={templates} macros={macros} />
          {blanks.length > 0 && (
            <button id="composer-blanks" type="button" onClick={() => selectBlank(draft)} className="min-h-6 rounded-sm px-1 text-xs text-high underline underline-offset-2">{t.compose.placeholders(blanks.length)}</button>
          )}
          <SendButtons draft={draft} empty={!text.trim()} onSend={send} />
        </div>
      </div>
    </div>
  )
}

/** What was begun in issues that are merged into this one. */
const Elsewhere = ({ issue }: { issue: Issue }) => issue.merged.length > 0 && <Suspense><TakeOver issue={issue} /></Suspense>

function Kinds({ mode, onChange, saved }: { mode: Mode; onChange: (mode: Mode) => void; saved: DraftText['saved'] }) {
  const states = { nothing: '', device: t.compose.draftLocal, server: t.compose.draftSaved }
  return (
    <div className="flex items-center gap-1 px-2 pt-1.5">
      <div role="group" aria-label={t.compose.kind} className="flex gap-1">
        {(['reply', 'note'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={mode === one} onClick={() => onChange(one)} className="h-6 rounded-md px-2 text-xs font-medium text-fg-3 hover:text-fg aria-pressed:bg-hover aria-pressed:text-fg forced-colors:aria-pressed:outline-2 pointer-coarse:h-9">
            {t.compose[one]}
          </button>
        ))}
      </div>
      <span className="ml-auto pr-1 text-2xs text-fg-3">{states[saved]}</span>
    </div>
  )
}

type ToolsProps = { issue: Issue; draft: DraftText; attached: number; templates: ReturnType<typeof useTemplates>; macros: MacroState }

/** What helps to write: files for both texts, and the others for a reply. */
function Tools({ issue, draft, attached, templates, macros }: ToolsProps) {
  const note = draft.mode === 'note'
  return (
    <>
          <AttachButton issueId={issue.id} part={draft.mode} attached={attached} />
          {!note && <TemplatePicker issueId={issue.id} state={templates} trigger={<IconButton label={t.compose.templates} keys="t"><FileText size={15} aria-hidden /></IconButton>} />}
          {!note && <Suspense fallback={<span className="size-7 pointer-coarse:size-11" />}><Rewrite issue={issue} empty={!draft.reply.trim()} /></Suspense>}
          {!note && <Suspense fallback={<span className="size-7 pointer-coarse:size-11" />}><Macros issueId={issue.id} state={macros} /></Suspense>}
    </>
  )
}

type SendProps = { draft: DraftText; empty: boolean; onSend: (how: How) => void }

function SendButtons({ draft, empty, onSend }: SendProps) {
  if (draft.mode === 'note') return <span className="ml-auto"><Button variant="primary" keys="mod+enter" disabled={empty} onClick={() => onSend('note')}>{t.compose.addNote}</Button></span>
  return (
    <span className="ml-auto flex items-center gap-1">
      <Menu label={t.compose.sendOptions} align="end" trigger={<SendMenuIcon />} items={[{ id: 'resolve', label: t.compose.sendAndResolve, keys: 'mod+shift+enter', run: () => onSend('resolved') }]} />
      <Button variant="primary" keys="mod+enter" disabled={empty} onClick={() => onSend('pending')}>{draft.thenStatus === 'resolved' ? t.compose.sendAndResolve : t.compose.send}</Button>
    </span>
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

/** A browser would cut what is too long, without a word. */
function refuseTooLong(event: ClipboardEvent): void {
  const field = event.target
  if (!(field instanceof HTMLTextAreaElement)) return
  const pasted = event.clipboardData.getData('text/plain').replace(/\r\n/g, '\n').length
  if (field.value.length - (field.selectionEnd - field.selectionStart) + pasted <= MAX_CHARS) return
  event.preventDefault()
  toast({ title: words.notPasted, description: words.tooLongText(pasted, MAX_CHARS), tone: 'error' })
}

/** Takes files that are pasted or dropped. */
function useTaking(issueId: string, part: Mode, attached: number) {
  const [over, setOver] = useState(false)
  useEffect(() => {
    // A file that misses the composer must not open in the place of the page.
    const keepPage = (event: globalThis.DragEvent) => { if (event.dataTransfer?.types.includes('Files')) event.preventDefault() }
    addEventListener('dragover', keepPage)
    addEventListener('drop', keepPage)
    return () => {
      removeEventListener('dragover', keepPage)
      removeEventListener('drop', keepPage)
    }
  }, [])
  const take = (event: { preventDefault: () => void }, files: FileList) => {
    setOver(false)
    if (!files.length) return
    event.preventDefault()
    void addFiles(issueId, part, [...files], attached).catch(failed)
  }
  const taking = {
    // A table or a page that was copied has a picture of itself beside its words: the words are meant.
    onPaste: (event: ClipboardEvent) => {
      if (!event.clipboardData.types.includes('text/plain')) take(event, event.clipboardData.files)
      else refuseTooLong(event)
    },
    onDrop: (event: DragEvent) => take(event, event.dataTransfer.files),
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes('Files')) return
      event.preventDefault()
      setOver(true)
    },
    onDragLeave: (event: DragEvent) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false) },
  }
  return { over, taking }
}

/** Whether all files are there. While some are on their way the send goes on when they are; it says so when one was not taken. */
function filesReady(issueId: string, part: Mode, send: () => void): boolean {
  const uploads = uploadsOf(issueId).filter((one) => one.part === part)
  if (!uploads.length) return true
  if (uploads.some((one) => one.problem)) toast({ title: words.badFiles, tone: 'error' })
  else whenUploaded(issueId, part, send)
  return false
}

const blanksOf = (issueId: string): string => `blanks ${issueId}`

const idsOf = (files: readonly DraftFile[]): string[] => files.map((file) => file.id).sort()

/** Sends a text with its files; where the server has not told them yet, that is waited for. */
function useSend(issue: Issue, shown: readonly DraftFile[] | undefined): (how: How) => void {
  const queue = useQueueReply(issue.id)
  const addNote = useAddNote(issue.id)
  const undo = useUndoSend(issue.id)
  const back = (error: unknown) => {
    void queryClient.invalidateQueries({ queryKey: attachmentsQuery(issue.id).queryKey })
    failed(error)
  }
  const sendNote = (files: readonly DraftFile[]) => {
    if (!getDraft(issue.id).note.trim() || !filesReady(issue.id, 'note', () => sendWith('note'))) return
    const ids = idsOf(files)
    takeOut(issue.id, ids)
    sendText(issue.id, 'note', ids.join(), (key, body) => addNote.mutateAsync({ key, body, files: ids }), files)
      .then(() => toast({ title: t.compose.noteAdded }), back)
  }
  const sendReply = (files: readonly DraftFile[], wanted: 'pending' | 'resolved') => {
    const draft = getDraft(issue.id)
    const { suggestionId, suggested, addTags = [], templates = [] } = draft
    const then_status = wanted === 'pending' ? (draft.thenStatus ?? wanted) : wanted
    const body = draft.reply.trim()
    if (!body) return
    if (findBlanks(draft.reply, draft.markers ?? []).length) {
      selectBlank(draft)
      isOver(blanksOf(issue.id))
      matter(blanksOf(issue.id), toast({ title: t.compose.placeholderBlocks, tone: 'error' }))
      return
    }
    if (!filesReady(issue.id, 'reply', () => sendWith(wanted))) return
    isOver(issue.id)
    const ids = idsOf(files)
    takeOut(issue.id, ids)
    const along = { then_status, add_tags: addTags, attachment_ids: ids, templates: [...templates] }
    // Of who sends it, not of who began to write.
    const signature = (!draft.unsigned && queryClient.getQueryData(meQuery.queryKey)?.account?.signature) || ''
    // Taken back before the server has answered: when it has, it is asked for the reply again.
    let unwanted = false
    const { withdraw } = offerUndo(() => { unwanted = true })
    sendText(issue.id, 'reply', JSON.stringify([along, signature]), async (key) => queue.mutateAsync({ key, body: signature ? (await signing()).signed(body, signature) : body, delay_s: UNDO_S, ...along }), files).then((queued) => {
      if (unwanted) undo(queued)
      else matter(queued.id, toast({ title: then_status === 'resolved' ? t.compose.sentAndResolved : t.compose.sent, timeout: UNDO_S * 1000, undo: () => undo(queued) }))
      if (suggestionId) reportOutcome(suggestionId, body === suggested?.trim() ? { outcome: 'accepted', final_text: body } : { outcome: 'edited', final_text: body })
    }, back).finally(withdraw)
  }
  const send = (how: How, files: readonly DraftFile[]) => (how === 'note' ? sendNote(files) : sendReply(files, how))
  /** With the files that the server has told, or tells now. */
  const sendWith = (how: How) => {
    let unwanted = false
    const { withdraw } = offerUndo(() => { unwanted = true })
    queryClient.fetchQuery({ ...attachmentsQuery(issue.id), staleTime: Infinity }).finally(withdraw)
      .then(({ data }) => { if (!unwanted) send(how, filesOf(data, getDraft(issue.id), how === 'note' ? 'note' : 'reply')) }, failed)
  }
  return (how) => (shown ? send(how, shown) : sendWith(how))
}
