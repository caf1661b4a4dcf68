import { ApiError } from '../../api/errors'
import { sendToAll, takeBackFromAll } from '../../api/queries/incidents'
import { changeReply, givenBack, isStill, sent, takenBack, type ReplyDraft, type Tried } from './replyDraft'

/** Without an answer for so long, nobody knows. */
const SEND_MS = 15_000
/** Refusals that look up the key first; others tell nothing of an earlier try under it. */
const SAYS_NOTHING_QUEUED = [404, 409, 422]
/** Held by the tab that sends or takes back, so that no other does the same beside it. */
export const lockOf = (incidentId: string): string => `reply to all ${incidentId}`

/**
 * Queues a reply to all, as it was shown. Answers for how many, or nothing when another tab was quicker. Without an
 * answer the words stay under their key, which goes again or is taken back; a refusal of the key gives them back.
 */
export async function sendReply(incidentId: string, shown: ReplyDraft, tried: Tried): Promise<number | undefined> {
  return navigator.locks.request(lockOf(incidentId), async () => {
    if (!isStill(incidentId, shown)) return undefined
    if (!shown.tried) changeReply(incidentId, () => ({ left: [], also: [], then: 'pending', tried }))
    try {
      const { data } = await sendToAll(incidentId, tried, AbortSignal.timeout(SEND_MS))
      changeReply(incidentId, (now) => sent(now, tried))
      return data.length
    } catch (error) {
      if (error instanceof ApiError && error.status < 500 && (!shown.tried || SAYS_NOTHING_QUEUED.includes(error.status))) changeReply(incidentId, (now) => ({ ...givenBack(now, tried), tried: undefined }))
      throw error
    }
  })
}

/** Takes back what of it still waits; what never arrived does not arrive any more. */
export async function takeReplyBack(incidentId: string, tried: Tried): Promise<{ taken: number; gone: number }> {
  return navigator.locks.request(lockOf(incidentId), async () => {
    const { data, gone } = await takeBackFromAll(incidentId, tried)
    changeReply(incidentId, (now) => takenBack(now, tried, data.map((one) => one.issue_id), gone))
    return { taken: data.length, gone: gone.length }
  })
}
