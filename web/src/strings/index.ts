/** Every word that people read. English is in the first load; another language is fetched before the first paint. */
import { en } from './en'

export type Strings = typeof en
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof LANGUAGES

/** The words of the chosen language. A live binding: read it while rendering, never into a constant of a module. */
export let t: Strings = en
export let language: Language = 'en'
/** How dates and numbers are written: as the person's browser does, where it speaks the language of the page. */
export let locale: string = language

/** Sentences of refusals by their code, what is wrong with a field by its own, and names of fields; English is what the server sends. */
type Refusals = Record<'problems' | 'faults' | 'fields', Readonly<Record<string, string>>>
export let refusals: Refusals = { problems: {}, faults: {}, fields: {} }

const others: Record<Exclude<Language, 'en'>, () => Promise<[Strings, Refusals]>> = {
  de: () => import('./de').then((module) => [module.de, module]),
}

/** The words of a page that is loaded when it is first opened: they come with it, in the language of the page. */
export const wordsOf = <T>(words: Record<Language, T>): T => words[language]

/** Chooses the language of the page; called once, before anything is rendered. */
export async function loadStrings(chosen: Language): Promise<void> {
  if (chosen !== 'en') [t, refusals] = await others[chosen]()
  language = chosen
  locale = navigator.languages.find((tag) => tag.toLowerCase().startsWith(chosen)) ?? chosen
  document.documentElement.lang = chosen
}

/** The language asked for, else the browser's, else English. */
export function pickLanguage(wanted: string | undefined, browser: readonly string[]): Language {
  for (const tag of [wanted, ...browser]) {
    const code = tag?.slice(0, 2).toLowerCase()
    if (code && code in LANGUAGES) return code as Language
  }
  return 'en'
}
