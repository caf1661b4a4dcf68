import { useQuery } from '@tanstack/react-query'
import { reasonsQuery } from '../../api/queries/board'
import { clustersQuery, incidentsQuery } from '../../api/queries/incidents'
import { saidAll } from '../../lib/reasons'
import { incidentOf } from '../incidents/parts'

/** What a card says beside its issue: the incident it belongs to, how many customers have the same, why it is critical. */
export type About = { incident: string | undefined; customers: number; reasons: string[] }

export function useAbout(): (issueId: string) => About {
  const { data: incidents } = useQuery(incidentsQuery)
  const { data: clusters } = useQuery(clustersQuery)
  const { data: reasons } = useQuery(reasonsQuery)
  return (issueId) => {
    const incident = incidentOf(incidents, issueId)
    const cluster = clusters?.find(({ issues }) => issues.some(({ id }) => id === issueId))
    const why = reasons?.get(issueId)
    return { incident: incident?.title, customers: Math.max(incident?.customers ?? 1, cluster?.customers ?? 1), reasons: saidAll(why?.reasons, why?.reasons_code) }
  }
}
