import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api, ok } from '../client'
import { leaveIssue } from '../gone'
import { whenBack } from '../whenBack'
import { issueKeys, listedIssue, refreshLists, type Board, type Issue, type IssueList, type Patch } from './issues'
import { nameOf, teamOf } from './people'

/** Changes an issue in every list and page that shows it. */
export function patchCached(client: QueryClient, id: string, change: (issue: Issue) => Issue): void {
  client.setQueryData<Issue>(issueKeys.one(id), (issue) => issue && change(issue))
  const changed = (issues: Issue[]) => issues.map((issue) => (issue.id === id ? change(issue) : issue))
  client.setQueryData<Board>(issueKeys.board, (board) => board && { open: changed(board.open), done: changed(board.done) })
  client.setQueriesData<IssueList>({ queryKey: issueKeys.lists }, (list) =>
    list && {
      ...list,
      pages: list.pages.map((page) => ({ ...page, data: changed(page.data) })),
    })
}

/** Edits of one issue reach the server in the order in which they were made. */
const turns = new Map<string, Promise<unknown>>()
function inTurn<T>(id: string, edit: () => Promise<T>): Promise<T> {
  const mine = (turns.get(id) ?? Promise.resolve()).catch(() => undefined).then(edit)
  const settled = () => { if (turns.get(id) === mine) turns.delete(id) }
  turns.set(id, mine)
  mine.then(settled, settled)
  return mine
}

/** An edit that shows at once, waits for the connection where there is none, and is rolled back when the server refuses it. */
export function usePatchIssue() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, patch }: { id: string; patch: Patch }) =>
      inTurn(id, () => whenBack(() => ok(api.PATCH('/v1/issues/{issue_id}', { params: { path: { issue_id: id } }, body: patch })))),
    onMutate: async ({ id, patch }) => {
      await client.cancelQueries({ queryKey: issueKeys.one(id) })
      // Its first answer may not be here yet, and was just given up: what a list knows of it stands in.
      const before = client.getQueryData<Issue>(issueKeys.one(id)) ?? listedIssue(client, id)
      client.setQueryData(issueKeys.one(id), before)
      const lists = client.getQueriesData({ queryKey: ['issues'] })
      const { assignee, team_id: team } = patch
      const shown = {
        ...patch,
        ...(assignee !== undefined && { assignee_name: assignee && nameOf(client, assignee) }),
        ...(team !== undefined && { team_name: team && (teamOf(client, team)?.name ?? null) }),
      }
      patchCached(client, id, (issue) => ({ ...issue, ...shown }) as Issue)
      return { before, lists }
    },
    onError: (_error, { id }, context) => {
      void client.invalidateQueries({ queryKey: issueKeys.one(id) })
      if (context?.before) client.setQueryData(issueKeys.one(id), context.before)
      for (const [key, data] of context?.lists ?? []) client.setQueryData(key, data)
    },
    onSuccess: (issue, { patch }) => {
      // The product itself tells of it among the messages.
      if (patch.team_id !== undefined) void client.invalidateQueries({ queryKey: issueKeys.messages(issue.id) })
      if (turns.has(issue.id)) return
      // The answer shows once more what is not to be seen from here on.
      if (issue.team_id && teamOf(client, issue.team_id)?.seen === false) return leaveIssue(client, issue.id)
      client.setQueryData(issueKeys.one(issue.id), issue)
      // Only a list in Copilot order tells the place, until it is read anew.
      patchCached(client, issue.id, ({ order = null }) => ({ ...issue, order }))
    },
    onSettled: () => refreshLists(client),
  })
}
