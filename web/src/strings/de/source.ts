import { plural } from '../plural'
import type { source as english } from '../en/source'

export const source: typeof english = {
  source: 'Quelle',
  open: 'Neben der Antwort zeigen',
  openTemplate: 'Vorlage öffnen',
  openIssue: 'Anliegen öffnen',
  fix: 'So wurde es gelöst',
  noFix: 'Zu diesem Anliegen gibt es keine Lösung mehr.',
  found: (n) => (n ? plural(n, '1 zitierte Stelle markiert', `${n} zitierte Stellen markiert`) : 'Die zitierten Worte stehen hier nicht: Die Quelle kann sich geändert haben.'),
}
