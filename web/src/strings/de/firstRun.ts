import type { firstRun as english } from '../en/firstRun'

export const firstRun: typeof english = {
  title: 'Noch keine Anliegen',
  hint: 'Binde einen Kanal an, um das erste zu empfangen, oder sieh dich mit erfundenen Daten um.',
  hintConnect: 'Binde einen Kanal an, um das erste zu empfangen.',
  hintAsk: 'Die Administration bindet den ersten Kanal an.',
  load: 'Beispieldaten laden',
  loadTitle: 'Erfundene Beispieldaten laden?',
  loadHint: 'Parcelwick ist ein erfundenes Unternehmen: 110 Kunden, 300 Anliegen aus 90 Tagen, Vorlagen und Artikel. Niemand darin ist echt, ihre Adressen führen nirgendwohin, und jedes Anliegen sagt, dass es zu den Beispieldaten gehört.',
  loadRemove: 'Sie lassen sich nicht wieder herausnehmen: Beginne für echte Arbeit neu mit einem leeren Datenordner:',
  otherFolder: 'anderer-Ordner',
  loading: (percent) => `Beispieldaten werden geladen: ${percent} %`,
  failed: 'Die Beispieldaten ließen sich nicht laden. Was bis dahin kam, bleibt; ein neuer Versuch macht dort weiter.',
  connect: 'Kanal anbinden',
  program: 'Aus einem Programm, einem Formular oder einem Postfach',
  programHint: 'Erstelle dafür einen API-Schlüssel und sende jedes neue Anliegen an diese Adresse:',
  makeKey: 'API-Schlüssel erstellen',
  file: 'Aus einer Datei eines anderen Systems',
  fileHint: 'Auf dem Rechner, auf dem Support Copilot läuft; CSV und JSON Lines, ein zweiter Lauf ändert nur, was neu ist:',
  describe: 'Alle Wege und Felder',
  copyOf: (what) => `Kopieren: ${what}`,
}
