import { Link } from '@tanstack/react-router'
import { words } from '../../strings/pages/privacy'

type Named = { customer_id: string; customer_name?: string | null }

/** Whom a hold or request is about, by name; the id alone where nobody of it is left. */
export function CustomerName({ of: row }: { of: Named }) {
  if (!row.customer_name) return <span className="grid text-xs text-fg-3"><span>{words.customerGone}</span><code className="font-mono break-all">{row.customer_id}</code></span>
  return <Link to="/customers/$customerId" params={{ customerId: row.customer_id }} dir="auto" className="inline-flex min-h-6 max-w-full items-center hover:underline"><span className="truncate">{row.customer_name}</span></Link>
}
