import type { Strings } from '..'
export const issue: Strings['issue'] = {
  severity: { critical: 'Kritisch', high: 'Hoch', medium: 'Mittel', low: 'Niedrig' },
  severityUnknown: 'Nicht eingestuft',
  status: { open: 'Offen', pending: 'Wartet auf Antwort', resolved: 'Gelöst', closed: 'Geschlossen' },
  channel: { email: 'E-Mail', chat: 'Chat', web: 'Web', phone: 'Telefon', api: 'API', social: 'Soziale Medien', import: 'Import' },
  agent: 'Support',
  back: 'Zurück zur Liste',
}
