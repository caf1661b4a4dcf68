export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
