import { ChartNoAxesColumn, Table2 } from 'lucide-react'
import { useId, useState, type ReactNode } from 'react'
import { IconButton, cx } from '../ui'
import { Table, type Column } from '../ui/Table'
import { words } from '../strings/pages/analytics'

type Props<Row> = {
  title: string
  hint?: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  children: ReactNode
  className?: string
}

/** A chart, or the same numbers as a table: whichever is read better. */
export function ChartCard<Row>({ title, hint, columns, rows, keyOf, children, className }: Props<Row>) {
  const id = useId()
  const [asTable, setAsTable] = useState(false)
  return (
    <section aria-labelledby={id} className={cx('min-w-0 rounded-lg border border-line p-4', className)}>
      <header className="mb-3 flex items-start gap-2">
        <div className="mr-auto">
          <h2 id={id} className="font-semibold">{title}</h2>
          {hint && <p className="text-xs text-fg-3">{hint}</p>}
        </div>
        <IconButton label={asTable ? words.asChart(title) : words.asTable(title)} onClick={() => setAsTable(!asTable)} className="-mt-1 -mr-1">
          {asTable ? <ChartNoAxesColumn size={15} aria-hidden /> : <Table2 size={15} aria-hidden />}
        </IconButton>
      </header>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keys */}
      {asTable ? <div role="group" aria-label={title} tabIndex={0} className="max-h-72 overflow-y-auto"><Table label={title} columns={columns} rows={rows} keyOf={keyOf} /></div> : children}
    </section>
  )
}
