import { t } from '../../strings'
import { channels } from '../../strings/pages/channels'
import { listing } from '../../strings/pages/listing'

/** The word for a value of a field, where there is one; else the value. */
export const labelOf = (field: string, value: string): string => {
  const words = ({ status: t.issue.status, severity: t.issue.severity, channel: channels, sla: listing.promises, risk: listing.risks } as Record<string, Record<string, string>>)[field]
  return words?.[value] ?? value
}
