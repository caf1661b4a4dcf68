import type { Strings } from '..'
import { isolated, plural } from '../plural'

export const inbox: Strings['inbox'] = {
  views: { mine: 'Meine', unassigned: 'Nicht zugeteilt', all: 'Alle offenen', mentions: 'Erwähnungen', critical: 'Kritisch', due: 'Bald fällig', waiting: 'Wartend', snoozed: 'Zurückgestellt', resolved: 'Gelöst' },
  list: 'Anliegen',
  of: (n) => plural(n, '1 Anliegen', `${n} Anliegen`),
  filter: 'Filtern',
  sort: 'Sortieren',
  sorts: { copilot: 'Reihenfolge des Copilots', updated: 'Zuletzt bewegt', newest: 'Zuletzt eingegangen', oldest: 'Zuerst eingegangen', severity: 'Schwerste', due: 'Zuerst fällig' },
  ages: { opened: 'Eingegangen', changed: 'Zuletzt geändert', said: 'Letzte Nachricht' },
  noteOf: (name) => `Notiz von ${isolated(name)}`,
  select: (subject) => `Auswählen: ${subject}`,
  next: 'Nächstes Anliegen',
  previous: 'Voriges Anliegen',
  open: 'Anliegen öffnen',
  toggleSelect: 'Auswählen oder abwählen',
  selectAll: 'Alle gezeigten Anliegen auswählen',
  extendDown: 'Auswahl nach unten erweitern',
  extendUp: 'Auswahl nach oben erweitern',
  why: 'Warum steht dieses Anliegen hier?',
  noSubject: 'Ohne Betreff',
  unread: 'Ungelesen',
  team: 'Team',
  namesYou: 'Eine Notiz nennt dich',
  unreadCount: (n) => `${n} ungelesen`,
}
