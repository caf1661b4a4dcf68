export const issue = {
  severity: { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' },
  severityUnknown: 'Not rated',
  status: { open: 'Open', pending: 'Waiting for customer', resolved: 'Resolved', closed: 'Closed' },
  agent: 'Agent',
  back: 'Back to the list',
}
