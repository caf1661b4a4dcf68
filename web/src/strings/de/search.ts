import type { search as english } from '../en/search'

export const search: typeof english = {
  label: 'Alles durchsuchen',
  placeholder: 'Wörter, ein Name, eine Firma, eine E-Mail-Adresse oder eine Kennung',
  kinds: { issue: 'Anliegen', customer: 'Kundschaft', article: 'Artikel' },
  kindOne: { issue: 'Anliegen', customer: 'Kunde', article: 'Artikel', template: 'Vorlage' },
  filter: 'Art',
  all: 'Alles',
  results: 'Treffer',
  found: (n) => (n === 1 ? '1 Treffer' : n === 50 ? '50 oder mehr Treffer' : `${n} Treffer`),
  onlyBest: 'Die 50 besten sind zu sehen. Mehr Wörter finden genauer.',
  startTitle: 'Anliegen, Kundschaft und Artikel durchsuchen',
  startHint: 'Nach Wörtern oder nach Bedeutung: „Rechnung doppelt“ findet auch „zweimal abgebucht“.',
  noneTitle: 'Nichts gefunden',
  noneHint: 'Versuche es mit anderen oder weniger Wörtern.',
  next: 'Nächster Treffer',
  previous: 'Voriger Treffer',
  focus: 'Suchfeld',
  open: 'Treffer öffnen',
  toPreview: 'Vorschau lesen',
  toResults: 'Zurück zum Treffer, dann zum Feld',
}
