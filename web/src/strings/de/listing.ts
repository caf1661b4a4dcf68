import type { listing as english } from '../en/listing'
import { plural } from '../plural'

export const listing: typeof english = {
  pickTitle: 'Wähle ein Anliegen',
  pickHint: 'J öffnet das nächste.',
  emptyTitle: 'Alles erledigt',
  emptyHint: 'In dieser Ansicht wartet nichts.',
  noMentionsTitle: 'Niemand hat dich genannt',
  noMentionsHint: 'Eine Notiz mit @ und deinem Namen bringt ihr Anliegen hierher.',
  emptyFilteredTitle: 'Nichts passt zu diesen Filtern',
  emptyFilteredHint: 'Nimm einen weg, um mehr zu sehen.',
  clearFilters: 'Filter entfernen',
  removeFilter: (name) => `Filter entfernen: ${name}`,
  fields: { status: 'Status', severity: 'Schwere', channel: 'Kanal', assignee: 'Zuständig', tag: 'Schlagwort', q: 'Betreff' },
  anybody: 'Alle',
  filterText: 'Wörter im Betreff',
  selected: (n) => `${n} ausgewählt`,
  clearSelection: 'Auswahl aufheben',
  selectAll: 'Alle auswählen',
  ofSelected: (what) => `${what}: ausgewählte Anliegen`,
  selectedMost: (n) => `Die ersten ${n} sind ausgewählt: So viele lassen sich auf einmal ändern.`,
  someFailed: (failed, of) => `${failed} von ${of} Anliegen ließen sich nicht ändern`,
  resolveSelected: 'Ausgewählte Anliegen lösen',
  bulk: 'Ausgewählte Anliegen',
  changed: (n, what) => `${plural(n, '1 Anliegen', `${n} Anliegen`)}: ${what}`,
}
