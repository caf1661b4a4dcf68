import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { peopleQuery } from '../../api/queries/people'
import { capital } from '../../lib/names'
import { listing } from '../../strings/pages/listing'
import { labelOf } from './labels'
import type { InboxSearch } from './views'

type Props = { search: InboxSearch; onChange: (next: InboxSearch) => void }

/** What narrows the list just now, each with a button that takes it away. */
export default function Chips({ search, onChange }: Props) {
  const { sort: _sort, ...filters } = search
  const { data: people } = useQuery({ ...peopleQuery, enabled: (search.assignee ?? search.team_id) !== undefined })
  const team = (id: string) => (people ? (people.teams.find((one) => one.id === id)?.name ?? listing.noSuchTeam) : '…')
  const nameOf = (field: string, value: string) => (field === 'assignee' && people?.data.find((one) => one.value === value)?.name) || (field === 'plan' ? listing.planChip(capital(value)) : field === 'team_id' ? listing.teamChip(team(value)) : labelOf(field, value))
  const chips = Object.entries(filters).flatMap(([field, value]) => [value].flat().map((one) => ({ field, value: String(one) })))
  const remove = (field: string, value: string) => {
    const left = [search[field as keyof InboxSearch] ?? []].flat().filter((one) => one !== value)
    onChange({ ...search, [field]: Array.isArray(search[field as keyof InboxSearch]) && left.length ? left : undefined } as InboxSearch)
  }
  return (
    <ul className="flex flex-wrap gap-1 px-3 pb-2">
      {chips.map(({ field, value }) => (
        <li key={`${field}${value}`} className="flex h-6 max-w-full items-center rounded-md bg-hover pl-2 text-xs text-fg-2">
          <span className="truncate">{nameOf(field, value)}</span>
          <button type="button" aria-label={listing.removeFilter(nameOf(field, value))} onClick={() => remove(field, value)} className="ml-0.5 flex size-6 items-center justify-center rounded-md hover:text-fg">
            <X size={12} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  )
}
