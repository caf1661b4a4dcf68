import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import type { CorrectionIn, OutcomeRequest, Panel, SummaryOut } from '../schema'
import { issueKeys, refreshLists } from './issues'
import { panelQuery } from './panel'

export type CopilotPart = CorrectionIn['part']

/** The newest summary; null while none was written. */
export const summaryQuery = (id: string, kind: SummaryOut['kind']) =>
  queryOptions({
    queryKey: ['summary', id, kind],
    queryFn: async ({ signal }): Promise<SummaryOut | null> => {
      // The list rather than the newest one of a kind: that none was written yet is no error.
      const page = await ok(api.GET('/v1/issues/{issue_id}/summaries', { params: { path: { issue_id: id }, query: { limit: 20 } }, signal }))
      return page.data.find((summary) => summary.kind === kind) ?? null
    },
    staleTime: 60_000,
  })

export function useWriteSummary(id: string, kind: SummaryOut['kind']) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => ok(api.POST('/v1/issues/{issue_id}/summary', { params: { path: { issue_id: id } }, body: { kind } })),
    onSuccess: (summary) => client.setQueryData(summaryQuery(id, kind).queryKey, summary),
  })
}

/** A person's word against the panel, which is made anew with it. */
export function useCorrect(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: CorrectionIn) => ok(api.POST('/v1/issues/{issue_id}/corrections', { params: { path: { issue_id: id } }, body })),
    onSuccess: async () => {
      const panel: Panel = await ok(api.GET('/v1/issues/{issue_id}/panel', { params: { path: { issue_id: id } } }))
      client.setQueryData(panelQuery(id).queryKey, panel)
      void client.invalidateQueries({ queryKey: issueKeys.one(id) })
      void client.invalidateQueries({ queryKey: topicsQuery.queryKey })
      refreshLists(client)
    },
  })
}

/** Says what became of a suggestion. It is a figure for later: a failure is not the agent's business. */
export function reportOutcome(suggestionId: string, body: OutcomeRequest): void {
  void api.POST('/v1/suggestions/{suggestion_id}/outcome', { params: { path: { suggestion_id: suggestionId } }, body }).catch(() => undefined)
}

/** The topics in use, to choose from. */
export const topicsQuery = queryOptions({
  queryKey: ['topics'],
  queryFn: ({ signal }) => ok(api.GET('/v1/topics', { signal })),
  select: (page) => page.data.map(({ value }) => value),
  staleTime: 5 * 60_000,
})
