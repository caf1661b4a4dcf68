import type { PersonPresent } from '../../api/schema'
import { thread } from '../../strings/pages/thread'
import { Avatar } from '../../ui'

const said = ({ name, state }: PersonPresent): string => (state === 'replying' ? thread.isReplying(name) : thread.isLooking(name))

/** Who else has the issue open; a ring for those who write. */
export function Present({ people }: { people: readonly PersonPresent[] }) {
  if (!people.length) return null
  return (
    <ul aria-label={thread.present} className="mr-1 flex -space-x-1">
      {people.slice(0, 4).map((person) => (
        <li key={person.person_id}>
          <span data-tip={said(person)} className={person.state === 'replying' ? 'flex rounded-full outline-2 outline-accent' : 'flex rounded-full outline-2 outline-panel'}>
            <Avatar name={person.name} size={20} /><span className="sr-only">{said(person)}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}

/** Said before two people answer one customer. */
export function Collision({ people }: { people: readonly PersonPresent[] }) {
  const names = people.filter((person) => person.state === 'replying').map((person) => person.name)
  return (
    <p role="status" className={names.length ? 'mx-auto mb-1 flex max-w-[42.5rem] items-center gap-2 rounded-md bg-medium-soft px-3 py-1 text-xs text-medium' : 'sr-only'}>
      {names.length > 0 && thread.isReplying(names.join(', '))}
    </p>
  )
}
