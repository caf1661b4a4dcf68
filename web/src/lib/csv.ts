import type { Cell, Sheet } from '../charts/sheet'

/** What a spreadsheet takes for a formula is made a text again; what separates cells stands in quotes (RFC 4180). */
export function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = /^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell
  return /["',;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const lines = (rows: readonly (readonly Cell[])[]) => rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')

/** One table as a file of its own. */
export const csvOf = ({ columns, rows }: Sheet): string => lines([columns, ...rows])

/** Many tables in one file, a number a line, so that a program or a pivot table finds its way: table, row, column, value. */
export const csvOfAll = (head: readonly string[], about: readonly (readonly Cell[])[], sheets: readonly Sheet[]): string =>
  lines([head, ...about, ...sheets.flatMap(({ title, columns, rows }) => rows.flatMap((row) => row.slice(1).map((cell, at) => [title, row[0] ?? null, columns[at + 1] ?? null, cell])))])

/** An address that a link downloads; with the mark that tells spreadsheets which letters these are. */
export const csvAddress = (text: string): string => `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${text}`)}`
