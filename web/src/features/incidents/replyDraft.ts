import { draftOwner, keep, recall } from '../issue/useDraftText'

export const THENS = ['stay', 'pending', 'resolved'] as const
export type Then = (typeof THENS)[number]
/** A try to send whose answer never came: its key goes again with the same words, or what waits is taken back. */
export type Tried = { key: string; issueIds: string[]; at: number }
/** A reply to all as it is written: kept on this device for who writes it, and wiped with their other drafts. */
export type ReplyDraft = {
  body: string
  left: string[]
  /** Issues that have it already, where there are more than one request may name. */
  done: string[]
  then: Then
  tried?: Tried | undefined
}

const keyOf = (incidentId: string): string => `draft:${draftOwner()}:incident ${incidentId}`

export function keptReply(incidentId: string, begun: string): ReplyDraft {
  const fresh: ReplyDraft = { body: begun, left: [], done: [], then: 'pending' }
  try {
    return { ...fresh, ...(JSON.parse(recall(keyOf(incidentId)) ?? '{}') as Partial<ReplyDraft>) }
  } catch {
    return fresh
  }
}

export const keepReply = (incidentId: string, draft: ReplyDraft | null): void => keep(keyOf(incidentId), draft && JSON.stringify(draft))
