import type { IncidentOut, LinkedIssueOut } from '../../api/schema'

export const isOpen = ({ status }: LinkedIssueOut): boolean => status !== 'resolved' && status !== 'closed'

/** The open incident that an issue belongs to. */
export const incidentOf = (incidents: readonly IncidentOut[] | undefined, issueId: string): IncidentOut | undefined =>
  incidents?.find((incident) => incident.issue_ids.includes(issueId))
