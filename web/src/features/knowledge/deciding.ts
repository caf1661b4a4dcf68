import { DecidedError, decide, reopen, type Decision } from '../../api/queries/proposals'
import type { ProposalOut } from '../../api/schema'
import { failed, offerUndo, toast } from '../../app/toasts'
import { words } from '../../strings/pages/knowledge'

/** Decisions under way: the same key pressed twice is one decision, before anything was drawn anew. */
const underWay = new Set<string>()

type Told = {
  /** It was decided, by whomever. */
  onDone: () => void
  /** It waits again. */
  onBack: (proposal: ProposalOut) => void
}

/** Decides, and lets `z` take that back from the moment of the key press. Throws what a person has to be asked about. */
export async function decideOn(proposal: ProposalOut, decision: Decision, { onDone, onBack }: Told): Promise<void> {
  if (underWay.has(proposal.id)) return
  underWay.add(proposal.id)
  const undo = () => void reopen(proposal.id).then((waiting) => { toast({ title: words.waitsAgain, description: waiting.title }); onBack(waiting) }, failed)
  let unwanted = false
  const { withdraw } = offerUndo(() => { unwanted = true })
  try {
    await decide(proposal, decision)
    if (unwanted) undo()
    else {
      toast({ title: decision.how === 'approve' ? words.approved : words.rejected, description: proposal.title, undo })
      onDone()
    }
  } catch (error) {
    if (!(error instanceof DecidedError)) throw error
    toast({ title: words.decidedMeanwhile(words.outcomes[error.proposal.status], error.proposal.decided_by ?? ''), description: proposal.title })
    onDone()
  } finally {
    withdraw()
    underWay.delete(proposal.id)
  }
}
