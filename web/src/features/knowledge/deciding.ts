import { articleQuery } from '../../api/queries/knowledge'
import { queryClient } from '../../api/queryClient'
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

/** Takes a decision back, which in turn can be taken back: then it is decided as it was, with the words that were published. */
export async function reopenFromList(decided: ProposalOut): Promise<void> {
  const again = await sameDecision(decided).catch(failed)
  if (again) await reopenAndTell(decided, (waiting) => void decide(waiting, again).then(({ status, title }) => toast({ title: words.outcomes[status], description: title }), tell))
}

async function sameDecision({ status, article_id, decision_note: reason }: ProposalOut): Promise<Decision> {
  if (status !== 'approved' || !article_id) return { how: 'reject', reason }
  const { title, body, category, language, tags, language_model_allowed } = await queryClient.fetchQuery(articleQuery(article_id))
  return { how: 'approve', body: { title, body, category, language, tags, force: false, ...(language_model_allowed && { language_model_allowed }) } }
}

const tell = (error: unknown) => (error instanceof DecidedError ? tellDecided(error) : failed(error))

/** Takes a decision back and says so, or says who decided anew meanwhile, which stands; `undo`: decides it again. */
export async function reopenAndTell(decided: ProposalOut, undo?: (waiting: ProposalOut) => void): Promise<ProposalOut | undefined> {
  try {
    const waiting = await reopen(decided)
    toast({ title: words.waitsAgain, description: waiting.title, ...(undo && { undo: () => undo(waiting) }) })
    return waiting
  } catch (error) {
    tell(error)
    return undefined
  }
}
