import type { preview as english } from '../en/preview'

export const preview: typeof english = {
  preview: 'Vorschau',
  status: 'Status',
  anyStatus: 'Jeder Status', severity: 'Schwere', anySeverity: 'Jede Schwere',
  opens: { issue: 'Anliegen öffnen', customer: 'Kunden öffnen', article: 'Artikel öffnen', template: 'Vorlage öffnen' },
  customer: 'Kunde', company: 'Firma', plan: 'Tarif', email: 'E-Mail', opened: 'Eröffnet', unnamed: 'Ohne Namen',
  lastMessage: 'Letzte Nachricht', noMessage: 'Noch hat niemand geschrieben.',
  resolution: 'Lösung',
  articleStatus: { draft: 'Entwurf', published: 'Veröffentlicht', archived: 'Archiviert' },
  openIssues: 'Offene Anliegen', openIssuesCount: (n, more) => (more ? `${n} oder mehr offene Anliegen` : n === 1 ? '1 offenes Anliegen' : `${n} offene Anliegen`), noOpenIssues: 'Keine offenen Anliegen',
}
