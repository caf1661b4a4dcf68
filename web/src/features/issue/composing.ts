import { fieldComes } from '../../app/earlyKeys'
import { toast } from '../../app/toasts'
import { t } from '../../strings/work'
import { draftOf, whenWritten } from '../copilot/useDraftStream'
import { matter } from './matters'
import { MOST_TEMPLATES, changeDraft, getDraft, type DraftText, type Mode } from './useDraftText'

export const boxId = 'composer'
export const box = (): HTMLTextAreaElement | null => document.querySelector<HTMLTextAreaElement>(`#${boxId}`)

/** Shows one of the two texts and puts the caret at its end. */
export function focusComposer(issueId: string, mode: Mode): void {
  changeDraft(issueId, { mode })
  wanted = issueId
  fieldComes((typed) => changeDraft(issueId, { [mode]: getDraft(issueId)[mode] + typed }))
  requestAnimationFrame(() => takeFocus(issueId))
}

/** The issue whose text field is to get the focus as soon as it is there. */
let wanted: string | undefined

export function takeFocus(issueId: string): void {
  const field = box()
  if (wanted !== issueId || field?.dataset.issue !== issueId) return
  wanted = undefined
  field.focus()
  field.setSelectionRange(field.value.length, field.value.length)
}

/** What comes with inserted words: the suggestion or the template that they are, the blanks in them, and what a macro does besides. */
export type Inserted = { suggestionId?: string | undefined; templateId?: string; markers?: readonly string[]; addTags?: readonly string[] | undefined; thenStatus?: DraftText['thenStatus'] }

/** Puts words where the caret is, or was last; an empty reply becomes them. Undoing it takes just these words out. */
export function insertIntoReply(issueId: string, text: string, { suggestionId, templateId, markers = [], addTags = [], thenStatus }: Inserted = {}, said = t.copilot.inserted): void {
  const before = getDraft(issueId)
  const { suggested, markers: marked = [], reply } = before
  const field = box()
  const at = before.mode === 'reply' && field?.dataset.issue === issueId ? field.selectionStart : reply.length
  const [head, rest] = [reply.slice(0, at), reply.slice(at)]
  const gap = head && !head.endsWith('\n') ? '\n\n' : ''
  const added = gap + text + (rest && !rest.startsWith('\n') ? '\n\n' : '')
  changeDraft(issueId, {
    mode: 'reply', reply: head + added + rest, markers: [...marked, ...markers],
    addTags: [...new Set([...(before.addTags ?? []), ...addTags])], thenStatus: thenStatus ?? before.thenStatus,
    ...(suggestionId && { suggestionId, suggested: text }),
    ...(templateId && { templates: [...(before.templates ?? []), { template_id: templateId, text }].slice(-MOST_TEMPLATES) }),
  })
  const undo = () => {
    const now = getDraft(issueId).reply
    const from = now.startsWith(added, at) ? at : now.indexOf(added)
    if (from < 0) toast({ title: t.copilot.insertedChanged, tone: 'error' })
    else changeDraft(issueId, { reply: now.slice(0, from) + now.slice(from + added.length), suggestionId: before.suggestionId, suggested, markers: marked, addTags: before.addTags, thenStatus: before.thenStatus, templates: before.templates })
  }
  matter(issueId, toast({ title: said, undo }))
  requestAnimationFrame(() => {
    const shown = box()
    if (shown?.dataset.issue !== issueId) return
    const end = at + gap.length + text.length
    shown.focus()
    shown.setSelectionRange(end, end)
  })
}

/** Puts the suggested reply of an issue into its reply: now or, while it is being written, as soon as it stands. */
export function insertDraft(issueId: string, onInserted: (issueId: string) => void): void {
  const { status, text, suggestionId } = draftOf(issueId)
  if (status === 'streaming') {
    const { reply } = getDraft(issueId)
    whenWritten(issueId, () => {
      // Nothing comes between the words of who has gone on writing.
      if (getDraft(issueId).reply === reply) insertDraft(issueId, onInserted)
      else toast({ title: t.copilot.notInserted, description: t.copilot.wentOn })
    })
  } else if (text) {
    onInserted(issueId)
    insertIntoReply(issueId, text, { suggestionId })
  }
}
