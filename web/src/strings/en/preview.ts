import { plural } from '../plural'

export const preview = {
  preview: 'Preview',
  status: 'Status',
  anyStatus: 'Any status', severity: 'Severity', anySeverity: 'Any severity',
  opens: { issue: 'Open the issue', customer: 'Open the customer', article: 'Open the article', template: 'Open the template' },
  customer: 'Customer', company: 'Company', plan: 'Plan', email: 'E-mail', opened: 'Opened', unnamed: 'No name',
  lastMessage: 'Last message', noMessage: 'Nobody has written yet.',
  resolution: 'Resolution',
  articleStatus: { draft: 'Draft', published: 'Published', archived: 'Archived' },
  openIssues: 'Open issues', openIssuesCount: (n: number, more: boolean) => (more ? `${n} or more open issues` : plural(n, '1 open issue', `${n} open issues`)), noOpenIssues: 'No open issues',
}
