export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
/** Stands for the macro that Copilot suggests, among the ids of stored ones. */
export const SUGGESTED = 'suggested'
