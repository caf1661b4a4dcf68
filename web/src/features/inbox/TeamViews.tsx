import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { UsersRound } from 'lucide-react'
import { countsQuery, issueKeys } from '../../api/queries/issues'
import type { IssueCounts } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { words } from '../../strings/pages/teams'
import { cx } from '../../ui'

const teamsQuery = queryOptions({ queryKey: issueKeys.counts, queryFn: countsQuery.queryFn, select: ({ teams }: IssueCounts) => teams })

/** What one's own teams have at work, each with its number; nothing for who is in no team. `here`: the list that is shown. */
export function TeamViews({ here, roomy, onGo }: { here: string; roomy?: boolean | undefined; onGo?: (() => void) | undefined }) {
  const { data: teams = [] } = useQuery(teamsQuery)
  const navigate = useNavigate()
  useCommands(teams.map(({ id, name }) => ({ id: `team.${id}`, label: words.go(name), group: 'navigate', run: () => void navigate({ to: '/inbox/$view', params: { view: 'all' }, search: { team_id: id } }) })))
  if (!teams.length) return null
  const hidden = roomy ? '' : 'max-lg:sr-only'
  return (
    <section aria-label={words.mine} className="flex flex-col gap-0.5">
      <h2 className={`px-2 pt-3 pb-1 text-2xs font-medium text-fg-3 ${hidden}`}>{words.mine}</h2>
      {teams.map(({ id, name, count }) => {
        const active = here === `all ${JSON.stringify({ team_id: id })}`
        return (
          <Link
            key={id} to="/inbox/$view" params={{ view: 'all' }} search={{ team_id: id }} onClick={onGo} title={name} activeProps={{ 'aria-current': active ? 'page' : undefined }}
            className={cx('flex h-8 shrink-0 items-center gap-2 rounded-md px-2 pointer-coarse:h-11', active ? 'bg-selected font-medium text-fg' : 'text-fg-2 hover:bg-hover')}
          >
            <UsersRound size={15} aria-hidden className="shrink-0" />
            <span dir="auto" className={`truncate ${hidden}`}>{name}</span>
            {count > 0 && <span data-number className={cx('ml-auto text-2xs text-fg-3', !roomy && 'max-lg:hidden')}>{count}<span className="sr-only"> {words.issues(count)}</span></span>}
          </Link>
        )
      })}
    </section>
  )
}
