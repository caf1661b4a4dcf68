import type { Issue } from '../../api/queries/issues'

const HOUR_MS = 3_600_000

/** What a customer's issues tell together; null where there is nothing to tell from. */
export function figuresOf(issues: readonly Issue[]): { open: number; critical: number; satisfaction: number | null; typicalHours: number | null; ratings: { id: string; score: number; at: string; subject: string }[] } {
  const ratings = issues
    .flatMap((issue) => (issue.rating ? [{ id: issue.id, score: issue.rating.score, at: issue.resolved_at ?? issue.updated_at, subject: issue.subject }] : []))
    .sort((a, b) => a.at.localeCompare(b.at))
  const hours = issues.flatMap((issue) => (issue.resolved_at ? [(Date.parse(issue.resolved_at) - Date.parse(issue.created_at)) / HOUR_MS] : [])).sort((a, b) => a - b)
  return {
    open: issues.filter((issue) => issue.status === 'open' || issue.status === 'pending').length,
    critical: issues.filter((issue) => issue.severity === 'critical').length,
    satisfaction: ratings.length ? ratings.reduce((sum, one) => sum + one.score, 0) / ratings.length : null,
    typicalHours: hours[Math.floor((hours.length - 1) / 2)] ?? null,
    ratings,
  }
}
