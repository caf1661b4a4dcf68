export const issue = {
  severity: { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' },
  severityUnknown: 'Not rated',
  status: { open: 'Open', pending: 'Waiting for customer', resolved: 'Resolved', closed: 'Closed' },
  channel: { email: 'E-mail', chat: 'Chat', web: 'Web', phone: 'Phone', api: 'API', social: 'Social media', import: 'Import' },
  agent: 'Agent',
  back: 'Back to the list',
}
