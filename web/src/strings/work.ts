import { t as everywhere, wordsOf } from '.'
import { compose as composeDe } from './de/compose'
import { copilot as copilotDe } from './de/copilot'
import { resolve as resolveDe } from './de/resolve'
import { compose } from './en/compose'
import { copilot } from './en/copilot'
import { resolve } from './en/resolve'

/** The words of work at an issue, besides those of every page. They come with what uses them, after the first paint. */
export const t = {
  ...everywhere,
  ...wordsOf({ en: { compose, copilot, resolve }, de: { compose: composeDe, copilot: copilotDe, resolve: resolveDe } }),
}
