import { plural } from '../plural'

export const source = {
  source: 'Source',
  open: 'Show beside the reply',
  openTemplate: 'Open template',
  openIssue: 'Open issue',
  fix: 'How it was solved',
  noFix: 'This issue has no recorded solution any more.',
  found: (n: number) => (n ? plural(n, '1 cited passage marked', `${n} cited passages marked`) : 'The cited words were not found here: the source may have changed.'),
}
