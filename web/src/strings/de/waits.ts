import type { waits as english } from '../en/waits'

export const waits: typeof english = {
  notLoaded: 'Nicht geladen: Du bist offline. Es kommt, sobald die Verbindung wieder da ist.',
}
