export const preview = {
  preview: 'Preview',
  status: 'Status',
  anyStatus: 'Any status',
  customer: 'Customer', company: 'Company', plan: 'Plan', email: 'E-mail', opened: 'Opened', unnamed: 'No name',
  lastMessage: 'Last message', noMessage: 'Nobody has written yet.',
  resolution: 'Resolution',
  articleStatus: { draft: 'Draft', published: 'Published', archived: 'Archived' },
  openIssues: 'Open issues', openIssuesCount: (n: number, more: boolean) => (more ? `${n} or more` : `${n}`), noOpenIssues: 'No open issues',
}
