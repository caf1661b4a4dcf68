import type { resolve as english } from '../en/resolve'

export const resolve: typeof english = {
  title: 'Was hat geholfen?',
  hint: 'Copilot lernt daraus für das nächste Mal. Vorgeschlagen ist deine letzte Antwort.',
  without: 'Ohne Notiz',
  withoutNote: 'Ohne Notiz lösen',
  undone: 'Wieder offen',
}
