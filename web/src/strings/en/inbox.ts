import { isolated, plural } from '../plural'

export const inbox = {
  views: {
    mine: 'My issues', unassigned: 'Unassigned', all: 'All open', mentions: 'Mentions', critical: 'Critical', due: 'Due soon', waiting: 'Waiting', snoozed: 'Snoozed', resolved: 'Resolved',
  },
  list: 'Issues',
  of: (n: number) => plural(n, '1 issue', `${n} issues`),
  filter: 'Filter',
  sort: 'Sort',
  sorts: { copilot: 'Copilot order', updated: 'Latest activity', newest: 'Opened last', oldest: 'Opened first', severity: 'Most severe', due: 'Due first' },
  ages: { opened: 'Opened', changed: 'Last change', said: 'Last message' },
  noteOf: (name: string) => `Note by ${isolated(name)}`,
  select: (subject: string) => `Select: ${subject}`,
  next: 'Next issue',
  previous: 'Previous issue',
  open: 'Open issue',
  toggleSelect: 'Select or unselect',
  selectAll: 'Select all issues shown',
  extendDown: 'Extend selection down',
  extendUp: 'Extend selection up',
  why: 'Why is this issue here?',
  noSubject: 'No subject',
  unread: 'Unread',
  team: 'Team',
  namesYou: 'A note names you',
  unreadCount: (n: number) => `${n} unread`,
}
