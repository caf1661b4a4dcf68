export const channels = { email: 'E-mail', chat: 'Chat', web: 'Web', phone: 'Phone', api: 'API', social: 'Social media', import: 'Import' }
