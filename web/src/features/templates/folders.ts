import type { TemplateOut } from '../../api/schema'

/** The folders that templates are in, in the order of the alphabet. */
export const foldersOf = (templates: readonly TemplateOut[]): string[] =>
  [...new Set(templates.flatMap(({ folder }) => (folder ? [folder] : [])))].sort((one, other) => one.localeCompare(other))
