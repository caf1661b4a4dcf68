import type { Strings } from '..'
export const issue: Strings['issue'] = {
  severity: { critical: 'Kritisch', high: 'Hoch', medium: 'Mittel', low: 'Niedrig' },
  severityUnknown: 'Nicht eingestuft',
  status: { open: 'Offen', pending: 'Wartet auf Antwort', resolved: 'Gelöst', closed: 'Geschlossen' },
  agent: 'Support',
  back: 'Zurück zur Liste',
}
