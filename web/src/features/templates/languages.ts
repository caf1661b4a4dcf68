import { language } from '../../strings'

/** Languages that are offered; a template may be in any other one too. */
export const LANGUAGE_CODES = ['en', 'de', 'es', 'fr', 'it', 'nl', 'pt']

const names = new Intl.DisplayNames([language], { type: 'language' })

/** A language as people call it. */
export const languageName = (code: string): string => names.of(code) ?? code
