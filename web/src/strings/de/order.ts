import type { order as english } from '../en/order'

export const order: typeof english = {
  points: (points) => `${points} Punkte`,
  why: (points) => `Warum hier: ${points} Punkte`,
  severity: (word) => `Schwere ${word}`,
  unrated: 'Schwere noch nicht bekannt',
  broken: (time) => `zugesagte Antwort seit ${time} überfällig`,
  due: (time) => `zugesagte Antwort fällig in ${time}`,
  waits: (time) => `der Kunde wartet, ${time}`,
  risk: (word) => `${word} Risiko einer schlechten Bewertung`,
  risks: { high: 'hohes', medium: 'mittleres', low: 'kleines' },
  plan: (name) => `Tarif ${name}`,
  theirTurn: 'der Kunde ist am Zug',
  over: 'es ist erledigt',
}
