import { queryOptions, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { AnswerOut, NextActionOut, RewriteRequest } from '../schema'

const of = (id: string) => ({ path: { issue_id: id } })

/** Says a text in other words; the answer is the text as it was where that cannot be had. */
export const useRewrite = (id: string) =>
  useMutation({ mutationFn: (body: RewriteRequest) => ok(api.POST('/v1/issues/{issue_id}/rewrite', { params: of(id), body })) })

/** Why no model would rewrite anything in this issue; null where one would. Any text serves to ask, and none is sent. */
export const noRewriteQuery = (id: string) =>
  queryOptions({
    queryKey: ['no-rewrite', id],
    queryFn: async ({ signal }) => {
      const { sent, code } = await ok(api.POST('/v1/issues/{issue_id}/rewrite/preview', { params: of(id), body: { text: '–', manner: 'shorter' }, signal }))
      return sent ? null : (code ?? '')
    },
    staleTime: 5 * 60_000,
    retry: false,
  })

export type Answered = { question: string; answer: AnswerOut }

/** The last question about an issue with its answer, kept for a while when another issue is opened. */
export function useQuestion(id: string) {
  const client = useQueryClient()
  const key = ['question', id]
  const { data: last } = useQuery<Answered>({ queryKey: key, queryFn: skipToken, staleTime: Infinity })
  const ask = useMutation({
    mutationFn: async (question: string): Promise<Answered> => ({
      question, answer: await ok(api.POST('/v1/issues/{issue_id}/questions', { params: of(id), body: { question } })),
    }),
    onSuccess: (answered) => client.setQueryData(key, answered),
  })
  return { last, ask }
}

/** A reply with the tags and the status that go with it, asked for when somebody wants one and kept for a while. */
export const macroQuery = (id: string) =>
  queryOptions({
    queryKey: ['panel', id, 'macro'],
    queryFn: ({ signal }) => ok(api.POST('/v1/issues/{issue_id}/macro', { params: of(id), body: {}, signal })),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    retry: false,
  })

/** What the customer has not said yet. Its key begins as the panel's, with which it becomes stale. */
export const missingQuery = (id: string) =>
  queryOptions({
    queryKey: ['panel', id, 'missing'],
    queryFn: ({ signal }) => ok(api.GET('/v1/issues/{issue_id}/missing', { params: of(id), signal })),
    staleTime: 60_000,
  })

/** Lets a language model read what was not told; its answer stands until the panel becomes stale. */
export function useMissing(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => ok(api.POST('/v1/issues/{issue_id}/missing', { params: of(id) })),
    onSuccess: (missing) => client.setQueryData(missingQuery(id).queryKey, missing),
  })
}

/** What to do next, found without a model; its key begins as the panel's too. */
export const nextActionQuery = (id: string) =>
  queryOptions({
    queryKey: ['panel', id, 'next-action'],
    queryFn: ({ signal }): Promise<NextActionOut> => ok(api.GET('/v1/issues/{issue_id}/next-action', { params: of(id), signal })),
    staleTime: 60_000,
  })

/** Lets a language model read which steps were taken; its answer stands until the panel becomes stale. */
export function useNextAction(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => ok(api.POST('/v1/issues/{issue_id}/next-action', { params: of(id) })),
    onSuccess: (action) => client.setQueryData(nextActionQuery(id).queryKey, action),
  })
}

/** A draft as it is kept, which knows whether something was said since. Its key begins as the panel's. */
export const suggestionQuery = (issueId: string, id: string) =>
  queryOptions({
    queryKey: ['panel', issueId, 'suggestion', id],
    queryFn: ({ signal }) => ok(api.GET('/v1/suggestions/{suggestion_id}', { params: { path: { suggestion_id: id } }, signal })),
    staleTime: 60_000,
  })
