import type { compose as english } from '../en/compose'
import { isolated, plural } from '../plural'

export const compose: typeof english = {
  kind: 'Art der Nachricht',
  reply: 'Antwort',
  note: 'Notiz',
  replyLabel: 'Antwort nach außen',
  noteLabel: 'Interne Notiz',
  writeTo: (name) => `An ${isolated(name)} schreiben …  / für Vorlagen`,
  writeToCustomer: 'Antwort schreiben …  / für Vorlagen',
  writeNote: 'Das sehen nur Kolleginnen und Kollegen …  @ nennt jemanden',
  send: 'Senden',
  addNote: 'Notiz ablegen',
  sendAndResolve: 'Senden und lösen',
  sendOptions: 'Arten zu senden',
  sent: 'Antwort ist unterwegs',
  sentAndResolved: 'Antwort ist unterwegs, Anliegen gelöst',
  noteAdded: 'Notiz abgelegt',
  takenBack: 'Antwort zurückgenommen',
  tooLate: 'Die Antwort war schon hinausgegangen',
  draftSaved: 'Entwurf gespeichert',
  draftLocal: 'Entwurf auf diesem Gerät',
  templates: 'Vorlagen',
  templateSearch: 'Vorlagen suchen',
  templateEmpty: 'Keine Vorlage passt.',
  placeholders: (n) => plural(n, '1 Lücke auszufüllen', `${n} Lücken auszufüllen`),
  placeholderBlocks: 'Fülle die markierten Lücken, bevor du sendest.',
}
