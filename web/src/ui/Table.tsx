import type { ReactNode } from 'react'
import { cx } from '.'

export type Column<Row> = {
  id: string
  title: string
  /** The title is read out, not shown: a column of buttons. */
  quiet?: boolean
  cell: (row: Row) => ReactNode
  /** Numbers stand at the right. */
  number?: boolean
  /** Only where there is room: from 768 px (`md`) or 1024 px (`lg`) on. */
  from?: 'md' | 'lg'
  className?: string
}
type Props<Row> = { label: string; columns: readonly Column<Row>[]; rows: readonly Row[]; keyOf: (row: Row) => string; tall?: boolean }

/** Rows of records. The first column names the row; what has no room on a phone is folded into it by the caller. */
export function Table<Row>({ label, columns, rows, keyOf, tall }: Props<Row>) {
  const [first] = columns
  const shape = ({ number, from, className }: Column<Row>) =>
    cx(number && 'text-right tabular-nums', from === 'md' && 'max-md:hidden', from === 'lg' && 'max-lg:hidden', className)
  return (
    <table aria-label={label} className="w-full border-collapse text-left">
      <thead>
        <tr className="border-b border-line">
          {columns.map((column) => (
            <th key={column.id} scope="col" className={cx('h-8 px-2 text-xs font-medium text-fg-3 first:pl-0 last:pr-0', shape(column))}>
              {column.quiet ? <span className="sr-only">{column.title}</span> : column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} className="border-b border-line last:border-b-0 hover:bg-hover">
            {columns.map((column) => {
              const Cell = column === first ? 'th' : 'td'
              return (
                <Cell key={column.id} {...(column === first && { scope: 'row' })} className={cx('px-2 py-1.5 align-middle font-normal first:pl-0 last:pr-0', tall ? 'h-13' : 'h-10', shape(column))}>
                  {column.cell(row)}
                </Cell>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
