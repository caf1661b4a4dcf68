import type { views as en } from '../en/views'

export const views: typeof en = {
  title: 'Ansichten',
  save: 'Als Ansicht speichern',
  saveHint: 'Behält diese Filter und diese Reihenfolge unter einem Namen.',
  name: 'Name',
  share: 'Alle am Schalter sehen sie',
  saved: (name) => `Ansicht gespeichert: ${name}`,
  manage: 'Ansichten verwalten',
  manageHint: 'Deine Ansichten in deiner Reihenfolge. Die anderer ändern nur sie selbst.',
  go: (name) => `Ansicht: ${name}`,
  of: (person) => `Geteilt von ${person}`,
  rename: (name) => `Name von ${name}`,
  shared: 'Geteilt',
  up: (name) => `${name} nach oben`,
  down: (name) => `${name} nach unten`,
  remove: (name) => `${name} löschen`,
  removed: 'Ansicht gelöscht',
  none: 'Noch keine eigenen Ansichten. Filtere eine Liste und speichere sie.',
  issues: (n) => (n === 1 ? '1 Anliegen' : `${n} Anliegen`),
}
