import { useCommands } from '../../app/commands'
import { latestIssueId } from '../../routes'
import { t } from '../../strings/work'
import { startDraft, useDraftStream } from '../copilot/useDraftStream'

type Props = { issueId: string; onShow: (issueId: string) => void; onInsert: (text: string, suggestionId?: string) => void }

/** The keys of the suggested reply while Copilot is hidden: a draft shows it, and what was written before can be inserted. */
export function DraftKeys({ issueId, onShow, onInsert }: Props) {
  const draft = useDraftStream(issueId)
  const start = () => {
    const wanted = latestIssueId() ?? issueId
    onShow(wanted)
    void startDraft(wanted)
  }
  const insert = () => onInsert(draft.text, draft.suggestionId)
  const isFinished = draft.text !== '' && draft.status !== 'streaming'
  useCommands([
    { id: 'copilot.draft', label: t.copilot.draft, group: 'copilot', keys: ['d'], run: start },
    ...(isFinished ? [{ id: 'copilot.insert', label: t.copilot.insert, group: 'copilot' as const, keys: ['i'], run: insert }] : []),
  ])
  return null
}
