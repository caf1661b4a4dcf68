import { t } from '../../strings'

/** The word for a value of a field, where there is one; else the value. */
export const labelOf = (field: string, value: string): string => {
  const words = ({ status: t.issue.status, severity: t.issue.severity, channel: t.issue.channel } as Record<string, Record<string, string>>)[field]
  return words?.[value] ?? value
}
