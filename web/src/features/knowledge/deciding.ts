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
  const undo = (decided: ProposalOut) => void reopenAndTell(decided).then((waiting) => { if (waiting) onBack(waiting) })
  let unwanted = false
  const { withdraw } = offerUndo(() => { unwanted = true })
  try {
    const decided = await decide(proposal, decision)
    if (unwanted) undo(decided)
    else {
      toast({ title: decision.how === 'approve' ? words.approved : words.rejected, description: proposal.title, undo: () => undo(decided) })
      onDone()
    }
  } catch (error) {
    if (!(error instanceof DecidedError)) throw error
    tellDecided(error)
    onDone()
  } finally {
    withdraw()
    underWay.delete(proposal.id)
  }
}

const tellDecided = ({ proposal: now }: DecidedError) => toast({ title: words.decidedMeanwhile(words.outcomes[now.status], now.decided_by ?? ''), description: now.title })

/** Takes a decision back and says so, or says who decided anew meanwhile, which stands. */
export async function reopenAndTell(decided: ProposalOut): Promise<ProposalOut | undefined> {
  try {
    const waiting = await reopen(decided)
    toast({ title: words.waitsAgain, description: waiting.title })
    return waiting
  } catch (error) {
    if (error instanceof DecidedError) tellDecided(error)
    else failed(error)
    return undefined
  }
}
