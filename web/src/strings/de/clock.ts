import type { clock as en } from '../en/clock'

export const clock: typeof en = {
  first_response: 'Erste Antwort',
  resolution: 'Lösung',
  left: (time) => `noch ${time}`,
  late: (time) => `${time} zu spät`,
}
