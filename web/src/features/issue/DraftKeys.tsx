import { useCommands, type Command } from '../../app/commands'
import { latestIssueId } from '../../routes'
import { t } from '../../strings/work'
import { awaitNoMore, draftOf, startDraft, stopDraft, useDraftStream, useIsAwaited } from '../copilot/useDraftStream'
import { insertDraft } from './composing'

type Props = { issueId: string; onShow: (issueId: string) => void; onInserted: (issueId: string) => void }

/**
 * The keys of the suggested reply, whether Copilot is shown or hidden. After fast moves through the list they mean the
 * issue that was gone to, not the one still shown. One that comes before the draft is written waits for it.
 */
export function DraftKeys({ issueId, onShow, onInserted }: Props) {
  const draft = useDraftStream(issueId)
  const awaited = useIsAwaited(issueId)
  const latest = () => latestIssueId() ?? issueId
  const start = () => {
    onShow(latest())
    // Asked for once more while it is being written it is the same one.
    if (draftOf(latest()).status !== 'streaming') void startDraft(latest())
  }
  const streaming = draft.status === 'streaming'
  const commands: (Command | false)[] = [
    { id: 'copilot.draft', label: t.copilot.draft, group: 'copilot', keys: ['d'], run: start },
    (streaming || draft.text !== '') && { id: 'copilot.insert', label: t.copilot.insert, group: 'copilot', keys: ['i'], run: () => insertDraft(latest(), onInserted) },
    streaming && { id: 'copilot.stop', label: t.copilot.stop, group: 'copilot', keys: ['mod+.'], whileTyping: true, run: () => stopDraft(latest()) },
    awaited && { id: 'copilot.awaitNoMore', label: t.copilot.notWhenWritten, group: 'copilot', keys: ['escape'], first: true, run: () => awaitNoMore(issueId) },
  ]
  useCommands(commands.filter((command) => command !== false))
  return null
}
