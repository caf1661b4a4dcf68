/** Languages that are offered; a template may be in any other one too. */
export const LANGUAGE_CODES = ['en', 'de', 'es', 'fr', 'it', 'nl', 'pt']
