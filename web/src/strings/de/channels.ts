import type { channels as english } from '../en/channels'

export const channels: typeof english = { email: 'E-Mail', chat: 'Chat', web: 'Web', phone: 'Telefon', api: 'API', social: 'Soziale Medien', import: 'Import' }
