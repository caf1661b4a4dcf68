import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, ok } from '../client'
import { ApiError, isStale } from '../errors'
import { queryClient } from '../queryClient'
import type { ApproveRequest, ProposalOut } from '../schema'
import { articleChanged } from './knowledge'

const WAITING = ['proposals'] as const
const DECIDED = ['proposals-decided'] as const

/** What waits to be decided, the longest waiting first. */
export const proposalsQuery = queryOptions({
  queryKey: WAITING,
  queryFn: ({ signal }) => ok(api.GET('/v1/knowledge/proposals', { params: { query: { status: ['pending'], limit: 100 } }, signal })),
})

/** What was decided, the newest decision first. */
export const decidedQuery = infiniteQueryOptions({
  queryKey: DECIDED,
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) => ok(api.GET('/v1/knowledge/proposals', { params: { query: { status: ['approved', 'rejected'], sort: 'changed', limit: 50, cursor: pageParam } }, signal })),
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

const proposal = (id: string) => ok(api.GET('/v1/knowledge/proposals/{proposal_id}', { params: { path: { proposal_id: id } } }))

export type Decision = { how: 'approve'; body: ApproveRequest } | { how: 'reject'; reason: string | null }

/** Somebody else decided meanwhile: nothing was done. */
export class DecidedError extends Error {
  readonly proposal: ProposalOut

  constructor(decided: ProposalOut) {
    super('decided')
    this.proposal = decided
  }
}

/**
 * Decides on a proposal.
 *
 * @throws DecidedError when somebody else was faster.
 */
export async function decide(one: Pick<ProposalOut, 'id' | 'version'>, decision: Decision): Promise<ProposalOut> {
  try {
    const decided = await send(one, decision)
    // It is gone from the queue at once, whenever that is read anew.
    queryClient.setQueryData(WAITING, (page: Awaited<ReturnType<NonNullable<typeof proposalsQuery.queryFn>>> | undefined) => page && { ...page, data: page.data.filter(({ id }) => id !== one.id) })
    return decided
  } catch (error) {
    const late = isStale(error) || (error instanceof ApiError && error.code === 'proposal_decided')
    if (!late) throw error
    const now = await proposal(one.id)
    if (now.status !== 'pending') throw new DecidedError(now)
    // Decided and taken back meanwhile: it waits as before.
    return await send(now, decision)
  } finally {
    queueChanged()
  }
}

async function send({ id, version }: Pick<ProposalOut, 'id' | 'version'>, decision: Decision): Promise<ProposalOut> {
  const params = { path: { proposal_id: id }, header: { 'If-Match': `"${version}"` } }
  if (decision.how === 'reject') return ok(api.POST('/v1/knowledge/proposals/{proposal_id}/reject', { params, body: { reason: decision.reason } }))
  const { proposal: decided, article } = await ok(api.POST('/v1/knowledge/proposals/{proposal_id}/approve', { params, body: decision.body }))
  void articleChanged(article.id)
  return decided
}

/**
 * Takes this decision back, and no other that somebody made since: the proposal waits again, and what its approval
 * published is as before.
 *
 * @throws DecidedError when somebody else decided anew.
 */
export async function reopen({ id, version }: Pick<ProposalOut, 'id' | 'version'>): Promise<ProposalOut> {
  try {
    const waiting = await ok(api.POST('/v1/knowledge/proposals/{proposal_id}/reopen', { params: { path: { proposal_id: id }, header: { 'If-Match': `"${version}"` } } }))
    if (waiting.article_id) void articleChanged(waiting.article_id)
    return waiting
  } catch (error) {
    if (!isStale(error)) throw error
    const now = await proposal(id)
    if (now.status !== 'pending') throw new DecidedError(now)
    return now
  } finally {
    queueChanged()
  }
}

function queueChanged(): void {
  void queryClient.invalidateQueries({ queryKey: WAITING })
  void queryClient.invalidateQueries({ queryKey: DECIDED })
}
