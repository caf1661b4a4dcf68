import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import { queryClient } from '../queryClient'
import type { ArticleEdit, ArticleIn, ArticleOut, FromIssuesOut, paths } from '../schema'

export type ArticleStatus = ArticleOut['status']

const keys = { articles: ['articles'] as const, one: (id: string) => ['article', id] as const, versions: (id: string) => ['article-versions', id] as const }

type HealthQuery = NonNullable<paths['/v1/knowledge/health']['get']['parameters']['query']>
export type HealthSort = NonNullable<HealthQuery['sort']>
export type HealthState = NonNullable<HealthQuery['state']>
export type ArticlesWanted = { status: ArticleStatus | undefined; language: string | undefined; state: HealthState | undefined; sort: HealthSort }

/** Articles with how they do. */
export const articlesQuery = ({ status, ...wanted }: ArticlesWanted) =>
  infiniteQueryOptions({
    queryKey: [...keys.articles, status, wanted],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => ok(api.GET('/v1/knowledge/health', { params: { query: { limit: 50, ...wanted, status: status && [status], cursor: pageParam } }, signal })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** How one article does. */
export const healthQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.articles, 'health', id],
    queryFn: ({ signal }) => ok(api.GET('/v1/knowledge/health', { params: { query: { article_id: id } }, signal })),
    select: (page) => page.data[0],
  })

/** Topics that are asked often and stand in no article. */
export const gapsQuery = queryOptions({
  queryKey: ['knowledge-gaps'],
  queryFn: ({ signal }) => ok(api.GET('/v1/knowledge/gaps', { signal })),
})

/** Drafts an article from how these issues were solved. */
export async function draftFromIssues(issue_ids: string[], key: string): Promise<FromIssuesOut> {
  const made = await ok(api.POST('/v1/knowledge/articles/from-issues', { params: { header: { 'Idempotency-Key': key } }, body: { issue_ids } }))
  void queryClient.invalidateQueries({ queryKey: keys.articles })
  void queryClient.invalidateQueries({ queryKey: gapsQuery.queryKey })
  return made
}

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

/** Who replaced the text that an article had as `version`, or a later one, last; empty where that is not known. */
export async function changedSince(id: string, version: number): Promise<string> {
  await articleChanged(id)
  const { data: [newest] } = await queryClient.fetchQuery(versionsQuery(id))
  return (newest && newest.version >= version && newest.replaced_by) || ''
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
