import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import { queryClient } from '../queryClient'
import type { ArticleEdit, ArticleIn, ArticleOut } from '../schema'

export type ArticleStatus = ArticleOut['status']

const keys = { articles: ['articles'] as const, one: (id: string) => ['article', id] as const, versions: (id: string) => ['article-versions', id] as const }

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

/** The earlier texts of an article, newest first; so many are kept at most. */
export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: keys.versions(id),
    queryFn: ({ signal }) => ok(api.GET('/v1/knowledge/articles/{article_id}/versions', { params: { path: { article_id: id }, query: { limit: 50 } }, signal })),
    select: (page) => page.data,
  })

/** An earlier text, which never changes but by an erasure. */
export const versionQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: [...keys.versions(id), version],
    queryFn: ({ signal }) => ok(api.GET('/v1/knowledge/articles/{article_id}/versions/{version}', { params: { path: { article_id: id, version } }, signal })),
  })

/** Reads everything of an article anew, and the lists that it is in. */
export function articleChanged(id: string): Promise<unknown> {
  return Promise.all([keys.one(id), keys.versions(id), keys.articles].map((queryKey) => queryClient.invalidateQueries({ queryKey })))
}

/** Gives an article an earlier text again; `over`: only if the article is still that version. */
export async function restoreVersion(id: string, version: number, over: number): Promise<ArticleOut> {
  const params = { path: { article_id: id, version }, header: { 'If-Match': `"${over}"` } }
  const restored = await ok(api.POST('/v1/knowledge/articles/{article_id}/versions/{version}/restore', { params, body: {} }))
  queryClient.setQueryData(keys.one(id), restored)
  void articleChanged(id)
  return restored
}

export function useAddArticle() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ key, ...body }: ArticleIn & { key: string }) => ok(api.POST('/v1/knowledge/articles', { params: { header: { 'Idempotency-Key': key } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.articles }),
  })
}

type Edit = ArticleEdit & Pick<ArticleOut, 'version'>

/** Edits an article as it was read, by its version: what somebody else changed meanwhile is not overwritten. */
export function useEditArticle(id: string) {
  return useMutation({
    mutationFn: ({ version, ...body }: Edit) =>
      ok(api.PATCH('/v1/knowledge/articles/{article_id}', { params: { path: { article_id: id }, header: { 'If-Match': `"${version}"` } }, body })),
    onSuccess: (changed) => {
      queryClient.setQueryData(keys.one(id), changed)
      void articleChanged(id)
    },
  })
}
