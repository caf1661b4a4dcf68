import type { closed as english } from '../en/closed'

export const closed: typeof english = {
  missing: 'Hier ist nichts',
  missingHint: 'Die Adresse ist vielleicht alt, oder der Eintrag wurde entfernt.',
  forbidden: 'Nicht für deine Rolle',
  forbiddenHint: 'Eine Administratorin oder ein Administrator kann dir Zugang geben.',
  backToInbox: 'Zurück zum Eingang',
}
