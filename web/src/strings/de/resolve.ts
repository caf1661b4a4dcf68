import type { Strings } from '..'

export const resolve: Strings['resolve'] = {
  title: 'Was hat geholfen?',
  hint: 'Copilot lernt daraus für das nächste Mal. Vorgeschlagen ist deine letzte Antwort.',
  without: 'Ohne Notiz',
}
