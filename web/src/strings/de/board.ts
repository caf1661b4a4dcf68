import type { board as english } from '../en/board'

export const board: typeof english = {
  columns: { new: 'Neu', work: 'In Arbeit', waiting: 'Wartet', done: 'Heute gelöst' },
  hint: { new: 'Noch bei niemandem', work: 'Jemand ist dran', waiting: 'Die Kundschaft ist am Zug', done: 'Seit Mitternacht' },
  moveTo: 'Verschieben nach',
  moveOf: (subject) => `Verschieben: ${subject}`,
  moved: (column) => `Verschoben nach ${column}`,
  moveLeft: 'Karte nach links',
  moveRight: 'Karte nach rechts',
  up: 'Karte darüber',
  down: 'Karte darunter',
  left: 'Spalte links',
  right: 'Spalte rechts',
  openCard: 'Karte öffnen',
  count: (n) => (n === 1 ? '1 Anliegen' : `${n} Anliegen`),
  empty: 'Hier ist nichts',
  calmTitle: 'Nichts ist kritisch',
  calmHint: 'Ein Anliegen erscheint hier, sobald seine Schwere kritisch ist.',
  waitingFor: (age) => `Letzte Nachricht vor ${age}`,
  unowned: 'Nicht zugeteilt',
}
