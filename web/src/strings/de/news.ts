import type { news as english } from '../en/news'

export const news: typeof english = {
  titles: { assigned: 'Ein Anliegen wurde dir zugeteilt', reply: 'Eine Antwort ist gekommen', critical: 'Ein Anliegen ist kritisch', mention: 'Du wurdest erwähnt' },
}
