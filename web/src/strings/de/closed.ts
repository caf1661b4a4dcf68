import type { closed as english } from '../en/closed'

export const closed: typeof english = {
  missing: 'Hier ist nichts',
  missingHint: 'Die Adresse ist vielleicht alt, der Eintrag wurde entfernt, oder ein anderes Team hat ihn jetzt.',
  forbidden: 'Nicht für deine Rolle',
  forbiddenHint: 'Eine Administratorin oder ein Administrator kann dir Zugang geben.',
  backToInbox: 'Zurück zum Eingang',
}
