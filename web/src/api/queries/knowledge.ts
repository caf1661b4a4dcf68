import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { ApproveRequest, ArticleEdit, ArticleIn, ArticleOut, ProposalOut } from '../schema'

export type ArticleStatus = ArticleOut['status']

const keys = { articles: ['articles'] as const, one: (id: string) => ['article', id] as const, proposals: ['proposals'] as const }

export const articlesQuery = (status: ArticleStatus | undefined) =>
  infiniteQueryOptions({
    queryKey: [...keys.articles, status ?? 'all'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => ok(api.GET('/v1/knowledge/articles', { params: { query: { limit: 50, status: status && [status], cursor: pageParam } }, signal })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const articleQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => ok(api.GET('/v1/knowledge/articles/{article_id}', { params: { path: { article_id: id } }, signal })),
  })

/** What waits to be decided. */
export const proposalsQuery = queryOptions({
  queryKey: keys.proposals,
  queryFn: ({ signal }) => ok(api.GET('/v1/knowledge/proposals', { params: { query: { status: ['pending'], limit: 100 } }, signal })),
})

export function useAddArticle() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ key, ...body }: ArticleIn & { key: string }) => ok(api.POST('/v1/knowledge/articles', { params: { header: { 'Idempotency-Key': key } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.articles }),
  })
}

/** Edits an article as it was read: what somebody else changed meanwhile is not overwritten. */
export function useEditArticle(article: Pick<ArticleOut, 'id' | 'version'>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: ArticleEdit) =>
      ok(api.PATCH('/v1/knowledge/articles/{article_id}', { params: { path: { article_id: article.id }, header: { 'If-Match': `"${article.version}"` } }, body })),
    onSuccess: (changed) => {
      client.setQueryData(keys.one(article.id), changed)
      void client.invalidateQueries({ queryKey: keys.articles })
    },
  })
}

export function useDecide(proposal: ProposalOut) {
  const client = useQueryClient()
  const decided = () => {
    void client.invalidateQueries({ queryKey: keys.proposals })
    void client.invalidateQueries({ queryKey: keys.articles })
    if (proposal.article_id) void client.invalidateQueries({ queryKey: keys.one(proposal.article_id) })
  }
  const params = { path: { proposal_id: proposal.id }, header: { 'If-Match': `"${proposal.version}"` } }
  const approve = useMutation({
    mutationFn: (body: ApproveRequest) => ok(api.POST('/v1/knowledge/proposals/{proposal_id}/approve', { params, body })),
    onSuccess: decided,
  })
  const reject = useMutation({
    mutationFn: (reason: string | null) => ok(api.POST('/v1/knowledge/proposals/{proposal_id}/reject', { params, body: { reason } })),
    onSuccess: decided,
  })
  return { approve, reject }
}
