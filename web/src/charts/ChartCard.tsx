import { ChartNoAxesColumn, Download, Table2 } from 'lucide-react'
import { useId, useState, type ReactNode } from 'react'
import { csvAddress, csvOf } from '../lib/csv'
import { locale } from '../strings'
import { words } from '../strings/pages/analytics'
import { IconButton, cx } from '../ui'
import { Table, type Column } from '../ui/Table'
import type { Cell, Sheet } from './sheet'

type Props = { sheet: Sheet; hint?: string | undefined; file: string; className?: string; children: ReactNode }

/** A chart, or the same numbers as a table: whichever is read better. The table can be taken along. */
export function ChartCard({ sheet, hint, file, children, className }: Props) {
  const id = useId()
  const [asTable, setAsTable] = useState(false)
  const { title } = sheet
  return (
    <section aria-labelledby={id} className={cx('flex min-w-0 flex-col rounded-lg border border-line p-4', className)}>
      <header className="mb-3 flex items-start gap-1">
        <div className="mr-auto min-w-0">
          <h3 id={id} className="font-semibold">{title}</h3>
          {hint && <p className="max-w-[72ch] text-xs text-fg-3">{hint}</p>}
        </div>
        {asTable && (
          <a
            href={csvAddress(csvOf(sheet))} download={`${file}.csv`} aria-label={words.downloadOne(title)} data-tip={words.downloadOne(title)}
            className="-mt-1 inline-flex size-7 shrink-0 items-center justify-center rounded-md text-fg-2 hover:bg-hover hover:text-fg pointer-coarse:size-11"
          >
            <Download size={15} aria-hidden />
          </a>
        )}
        <IconButton label={asTable ? words.asChart(title) : words.asTable(title)} onClick={() => setAsTable(!asTable)} className="-mt-1 -mr-1">
          {asTable ? <ChartNoAxesColumn size={15} aria-hidden /> : <Table2 size={15} aria-hidden />}
        </IconButton>
      </header>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keys */}
      {asTable ? <div role="group" aria-label={title} tabIndex={0} className="max-h-80 overflow-auto"><SheetTable sheet={sheet} /></div> : children}
    </section>
  )
}

/** A number as people write it; nothing is a dash. */
export const sayCell = (cell: Cell | undefined): string =>
  cell === null || cell === undefined ? words.noFigure : typeof cell === 'number' ? new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(cell) : cell

export function SheetTable({ sheet: { title, columns, rows } }: { sheet: Sheet }) {
  const shown = columns.map((name, at): Column<readonly Cell[]> => ({
    id: String(at), title: name, number: at > 0 && rows.every((row) => typeof row[at] !== 'string'), cell: (row) => sayCell(row[at]),
  }))
  return <Table label={title} columns={shown} rows={rows} keyOf={(row) => String(rows.indexOf(row))} />
}

/** Said in place of a chart that would have nothing to show. */
export function Nothing({ children }: { children: ReactNode }) {
  return <p className="m-auto max-w-[46ch] py-5 text-center text-fg-3">{children}</p>
}
