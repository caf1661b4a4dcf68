/** A number, a text, or nothing where nothing was counted. */
export type Cell = string | number | null
/** The numbers of a chart: the first column names the row. What is drawn, shown as a table and exported is the same. */
export type Sheet = { title: string; columns: readonly string[]; rows: readonly (readonly Cell[])[] }
