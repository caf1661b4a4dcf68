import type { Issue } from '../../api/queries/issues'
import { useCommands } from '../../app/commands'
import { toast } from '../../app/toasts'
import { t } from '../../strings/work'
import { merge as words } from '../../strings/pages/merge'
import { Button } from '../../ui'
import { focusComposer } from '../issue/composing'
import { changeDraft, getDraft, giveBack, useDraftText } from '../issue/useDraftText'

/** In the composer of an issue that goes on: what somebody began to write in its duplicates, to be gone on with here. */
export default function TakeOver({ issue }: { issue: Issue }) {
  return issue.merged.map((one) => <DraftOf key={one.id} id={one.id} label={one.key} into={issue.id} />)
}

function DraftOf({ id, label, into }: { id: string; label: string; into: string }) {
  const [{ reply, note }] = useDraftText(id)
  const begun = `${reply}${note}`.trim() !== ''
  const run = () => takeOver(id, into)
  useCommands(begun ? [{ id: `compose.takeOver.${id}`, label: words.takeOverOf(label), group: 'compose', keys: ['w'], run }] : [])
  return begun && (
    <div className="mx-3 mb-1.5 flex flex-wrap items-center gap-x-2 border-l-2 border-line pl-2 text-xs text-fg-2">
      <span>{words.draftIn(label)}</span>
      <Button variant="ghost" keys="w" aria-label={words.takeOverOf(label)} onClick={run}>{words.takeOver}</Button>
    </div>
  )
}

/** Puts the words before those that stand there already, which stay. Taken back, each issue has what it had, if nobody wrote on. */
function takeOver(from: string, into: string): void {
  const [theirs, mine] = [getDraft(from), getDraft(into)]
  const { reply, note, files: _files, tried: _tried, ...along } = theirs
  if (note.trim()) giveBack(into, 'note', note)
  if (reply.trim()) giveBack(into, 'reply', reply, along)
  changeDraft(from, { reply: '', note: '' })
  const now = getDraft(into)
  focusComposer(into, now.mode)
  toast({
    title: words.tookOver,
    undo: () => {
      const { reply: laterReply, note: laterNote } = getDraft(into)
      if (laterReply !== now.reply || laterNote !== now.note) return void toast({ title: t.copilot.insertedChanged, tone: 'error' })
      changeDraft(into, mine)
      changeDraft(from, theirs)
    },
  })
}
