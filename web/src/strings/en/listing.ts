import { plural } from '../plural'

export const listing = {
  pickTitle: 'Pick an issue',
  pickHint: 'Press J to open the next one.',
  emptyTitle: 'All clear',
  emptyHint: 'Nothing waits in this view.',
  emptyFilteredTitle: 'No issue matches these filters',
  emptyFilteredHint: 'Remove one to see more.',
  clearFilters: 'Clear filters',
  removeFilter: (name: string) => `Remove filter: ${name}`,
  fields: { status: 'Status', severity: 'Severity', channel: 'Channel', assignee: 'Assignee', tag: 'Tag', q: 'Subject' },
  anybody: 'Anybody',
  filterText: 'Words in the subject',
  selected: (n: number) => plural(n, '1 selected', `${n} selected`),
  clearSelection: 'Clear selection',
  selectAll: 'Select all',
  ofSelected: (what: string) => `${what}: selected issues`,
  selectedMost: (n: number) => `The first ${n} are selected: so many can be changed at once.`,
  someFailed: (failed: number, of: number) => `${failed} of ${of} issues could not be changed`,
  resolveSelected: 'Resolve selected issues',
  bulk: 'Selected issues',
  changed: (n: number, what: string) => `${plural(n, '1 issue', `${n} issues`)}: ${what}`,
}
