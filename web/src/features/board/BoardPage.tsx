import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Flame } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef } from 'react'
import { useMay } from '../../api/queries/me'
import { boardQuery } from '../../api/queries/board'
import { clustersQuery, incidentsQuery } from '../../api/queries/incidents'
import type { Issue } from '../../api/queries/issues'
import { peopleQuery } from '../../api/queries/people'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { t } from '../../strings'
import { words } from '../../strings/pages/board'
import { Empty, Skeleton } from '../../ui'
import { Page } from '../../ui/Page'
import { useIssueActions } from '../inbox/actions'
import Incidents from '../incidents/Incidents'
import { useAbout } from './about'
import { Card } from './Card'
import { COLUMNS, cardsOf, patchFor, type ColumnName } from './columns'
import { useTogether } from '../../lib/useTogether'

/** What is critical, by what has to happen next. Cards are moved by keys, by their menu or by hand. */
export function BoardPage() {
  const { data: board, error, refetch } = useQuery(boardQuery)
  // Incidents stand above the columns, and are asked for with them.
  const above = [useQuery(clustersQuery).isPending, useQuery(incidentsQuery).isPending]
  const stands = useTogether(board !== undefined, board !== undefined && !above.includes(true))
  const cards = stands && board ? cardsOf(board) : undefined
  const calm = cards && COLUMNS.every((name) => cards[name].length === 0)
  return (
    <Page title={t.app.pages.board} fill>
      {error && !board && <ErrorView error={error} onRetry={() => void refetch()} />}
      {!error && !cards && <Skeleton rows={10} />}
      {cards && (
        <div className="flex h-full flex-col max-md:h-auto">
          <Incidents />
          <div className="min-h-0 flex-1">
            {calm ? <Empty icon={<Flame size={18} />} title={words.calmTitle} hint={words.calmHint} /> : <Columns cards={cards} />}
          </div>
        </div>
      )}
    </Page>
  )
}

function Columns({ cards }: { cards: Record<ColumnName, Issue[]> }) {
  const change = useMove()
  const about = useAbout()
  const box = useRef<HTMLDivElement>(null)
  // A card that was moved is another element: whoever moved it by keys stays with it.
  const inHand = useRef<{ id: string; to: ColumnName }>(undefined)
  const move = (issue: Issue, to: ColumnName) => {
    inHand.current = { id: issue.id, to }
    change(issue, to)
  }
  // What the server says meanwhile may draw it in another column once more.
  const held = useRef<string>(undefined)
  useEffect(() => {
    const letGo = () => { held.current = undefined }
    addEventListener('pointerdown', letGo)
    return () => removeEventListener('pointerdown', letGo)
  }, [])
  useLayoutEffect(() => {
    const card = inHand.current
    const arrived = card && cards[card.to].some((issue) => issue.id === card.id)
    if (arrived) [held.current, inHand.current] = [card.id, undefined]
    if (box.current && held.current && (arrived || document.activeElement === document.body)) cardLink(box.current, held.current)?.focus()
  }, [cards])
  useBoardCommands(box, inHand, cards, move)
  return (
    <div ref={box} data-arrows className="relative grid h-full min-h-0 auto-cols-[minmax(16.25rem,1fr)] grid-flow-col gap-3 overflow-x-auto p-3 max-md:auto-cols-auto max-md:grid-flow-row max-md:overflow-y-auto md:p-4">
      {COLUMNS.map((name) => (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a place to drop cards, besides keys and menus
        <section
          key={name} aria-labelledby={`column-${name}`}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            const issue = find(cards, event.dataTransfer.getData('text/plain'))
            if (issue) move(issue, name)
          }}
          className="flex min-h-0 flex-col rounded-xl border border-line bg-canvas max-md:min-h-fit"
        >
          <header className="flex items-baseline gap-2 px-3 pt-2.5 pb-1.5">
            <h2 id={`column-${name}`} className="font-semibold">{words.columns[name]}</h2>
            <span data-number className="text-xs text-fg-3">{cards[name].length}<span className="sr-only"> {words.count(cards[name].length)}</span></span>
            <span className="ml-auto truncate text-2xs text-fg-3">{words.hint[name]}</span>
          </header>
          <ul aria-labelledby={`column-${name}`} tabIndex={cards[name].length ? undefined : 0} className="min-h-16 flex-1 space-y-2 overflow-y-auto p-2 pt-1">
            {cards[name].map((issue) => <Card key={issue.id} issue={issue} about={about(issue.id)} column={name} onMove={(to) => move(issue, to)} />)}
            {cards[name].length === 0 && <li className="px-2 py-6 text-center text-xs text-fg-3">{words.empty}</li>}
          </ul>
        </section>
      ))}
    </div>
  )
}

const find = (cards: Record<ColumnName, Issue[]>, id: string): Issue | undefined => COLUMNS.flatMap((name) => cards[name]).find((issue) => issue.id === id)

function useMove(): (issue: Issue, to: ColumnName) => void {
  const act = useIssueActions()
  const { data: people } = useQuery(peopleQuery)
  return (issue, to) => {
    void act.change([issue.id], patchFor(to, issue, people?.me), words.moved(words.columns[to]))
  }
}

const cardLink = (root: ParentNode, id: string): HTMLElement | null => root.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`)

type InHand = { current: { id: string; to: ColumnName } | undefined }

function useBoardCommands(box: { current: HTMLDivElement | null }, inHand: InHand, cards: Record<ColumnName, Issue[]>, move: (issue: Issue, to: ColumnName) => void): void {
  const navigate = useNavigate()
  const here = (): { column: number; row: number } | undefined => {
    const id = (document.activeElement as HTMLElement | null)?.closest('li')?.querySelector<HTMLElement>('[data-card]')?.dataset.card
    const column = COLUMNS.findIndex((name) => cards[name].some((issue) => issue.id === id))
    const name = COLUMNS[column]
    return name && { column, row: cards[name].findIndex((issue) => issue.id === id) }
  }
  const at = (column: number, row: number): Issue | undefined => {
    const name = COLUMNS[column]
    return name && cards[name][Math.max(0, Math.min(cards[name].length - 1, row))]
  }
  const go = (issue: Issue | undefined) => { if (issue && box.current) cardLink(box.current, issue.id)?.focus() }
  const first = () => go(COLUMNS.map((name) => cards[name][0]).find(Boolean))
  const step = (by: number) => {
    const place = here()
    if (place) go(at(place.column, place.row + by))
    else first()
  }
  const across = (by: number) => {
    const place = here()
    if (!place) return first()
    for (let column = place.column + by; column >= 0 && column < COLUMNS.length; column += by) {
      const issue = at(column, place.row)
      if (issue) return go(issue)
    }
  }
  const carry = (by: number) => {
    // A second press may come before the first has been drawn: it goes on from where the card is going.
    const going = inHand.current
    const place = here()
    const issue = going ? find(cards, going.id) : place && at(place.column, place.row)
    const from = going ? COLUMNS.indexOf(going.to) : place?.column
    const to = from === undefined ? undefined : COLUMNS[from + by]
    if (issue && to) move(issue, to)
  }
  const open = () => {
    const place = here()
    const issue = place && at(place.column, place.row)
    if (issue) void navigate({ to: '/inbox/$view/$issueId', params: { view: 'critical', issueId: issue.id } })
  }
  const edits = useMay('issues.edit')
  useCommands([
    { id: 'board.down', label: words.down, group: 'page', keys: ['j', 'arrowdown'], keysOnly: true, run: () => step(1) },
    { id: 'board.up', label: words.up, group: 'page', keys: ['k', 'arrowup'], keysOnly: true, run: () => step(-1) },
    { id: 'board.left', label: words.left, group: 'page', keys: ['arrowleft'], keysOnly: true, run: () => across(-1) },
    { id: 'board.right', label: words.right, group: 'page', keys: ['arrowright'], keysOnly: true, run: () => across(1) },
    ...(edits ? [
      { id: 'board.moveLeft', label: words.moveLeft, group: 'page' as const, keys: ['shift+arrowleft', 'shift+k'], run: () => carry(-1) },
      { id: 'board.moveRight', label: words.moveRight, group: 'page' as const, keys: ['shift+arrowright', 'shift+j'], run: () => carry(1) },
    ] : []),
    { id: 'board.open', label: words.openCard, group: 'page', keys: ['o'], keysOnly: true, run: open },
  ])
}
