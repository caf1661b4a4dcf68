import type { QueryClient } from '@tanstack/react-query'
import { issueKeys, refreshLists, type Board, type IssueList } from './queries/issues'

/** Issues that went to a team whose issues the person who works here does not see, while they were shown here. */
const gone = new Set<string>()
export const wentAway = (id: string): boolean => gone.has(id)

/** Takes an issue off the screen at once: it is for other people now. */
export function leaveIssue(client: QueryClient, id: string): void {
  gone.add(id)
  const others = <T extends { id: string }>(issues: T[]) => issues.filter((issue) => issue.id !== id)
  client.setQueriesData<IssueList>({ queryKey: issueKeys.lists }, (list) => list && { ...list, pages: list.pages.map((page) => ({ ...page, data: others(page.data) })) })
  client.setQueryData<Board>(issueKeys.board, (board) => board && { open: others(board.open), done: others(board.done) })
  // All that is known of it, under its id; not asked for anew beside what stands.
  void client.resetQueries({ predicate: ({ queryKey }) => queryKey[1] === id })
  refreshLists(client)
}
