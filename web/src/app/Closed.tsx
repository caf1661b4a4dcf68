import { Link } from '@tanstack/react-router'
import { Lock, Search } from 'lucide-react'
import { words } from '../strings/pages/closed'
import { Empty } from '../ui'

type Props = {
  /** It stands for the whole page. */
  page?: boolean | undefined
}

/** In the place of what a person's role does not open. */
export function NotForRole({ page }: Props) {
  return <Empty page={page} icon={<Lock size={18} />} title={words.forbidden} hint={words.forbiddenHint} />
}

/** In the place of what is not there. */
export function NotFound({ page }: Props) {
  return (
    <Empty page={page} icon={<Search size={18} />} title={words.missing} hint={words.missingHint}>
      <Link to="/inbox/$view" params={{ view: 'all' }} className="inline-flex h-7 items-center rounded-md border border-line bg-raised px-2.5 text-xs font-medium hover:bg-hover">{words.backToInbox}</Link>
    </Empty>
  )
}

/** The page of an address that leads nowhere. */
export const NotFoundPage = () => <main className="h-full bg-panel"><NotFound page /></main>

/** What stands for an answer of 403 or 404. */
export default function Closed({ missing, page }: Props & { missing: boolean }) {
  return missing ? <NotFound page={page} /> : <NotForRole page={page} />
}
