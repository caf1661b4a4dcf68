import type { profile as english } from '../en/profile'

export const profile: typeof english = {
  edit: 'Bearbeiten',
  command: 'Profil bearbeiten',
  title: 'Profil bearbeiten',
  hint: 'Was leer bleibt, ist nicht bekannt.',
  fields: { name: 'Name', email: 'E-Mail', phone: 'Telefon', company: 'Firma', plan: 'Tarif', amount: 'Wert', currency: 'Währung', language: 'Sprache' },
  notKnown: 'Nicht bekannt',
  saved: 'Profil gespeichert',
  changed: 'Jemand hat inzwischen etwas geändert. Deine Eingaben bleiben hier; sieh dir das Neue an und speichere noch einmal.',
  theirs: (value) => `Inzwischen gespeichert: ${value}`, nothing: 'nichts',
  takeTheirs: 'Übernehmen', takeTheirsOf: (field) => `Das Neue übernehmen: ${field}`,
  faults: {
    name: 'Ein Name, eine E-Mail-Adresse oder eine Kennung muss bleiben.',
    email: 'Das ist keine E-Mail-Adresse.',
    amount: 'Ein Betrag wie 1250 oder 1250,50.',
    currency: 'Drei Buchstaben wie EUR.',
  },
}
