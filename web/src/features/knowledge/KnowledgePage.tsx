import { useQuery } from '@tanstack/react-query'
import { Outlet, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useMay } from '../../api/queries/me'
import { proposalsQuery } from '../../api/queries/proposals'
import { useCommands } from '../../app/commands'
import { t } from '../../strings'
import { words } from '../../strings/pages/knowledge'
import { Button } from '../../ui'
import { LinkTabs } from '../../ui/LinkTabs'
import { Page } from '../../ui/Page'

/** What the desk knows: articles, and what Copilot proposes to add or change. */
export function KnowledgePage() {
  const navigate = useNavigate()
  const may = useMay('knowledge.edit')
  const { data: proposals } = useQuery(proposalsQuery)
  const write = () => void navigate({ to: '/knowledge/new' })
  useCommands(may ? [{ id: 'knowledge.new', label: words.newArticle, group: 'page', keys: ['n'], run: write }] : [])
  const waiting = proposals?.data.length ?? 0
  const tabs = [
    { to: '/knowledge', label: words.parts.articles, exact: true },
    { to: '/knowledge/review', label: waiting ? `${words.parts.review} (${waiting}${proposals?.next_cursor ? '+' : ''})` : words.parts.review },
    { to: '/knowledge/decided', label: words.parts.decided },
    { to: '/knowledge/gaps', label: words.parts.gaps },
  ]
  const action = may && <Button variant="primary" keys="n" onClick={write}><Plus size={13} aria-hidden />{words.newArticle}</Button>
  return (
    <Page title={t.app.pages.knowledge} wide actions={action} tabs={<LinkTabs label={words.partsLabel} tabs={tabs} />}>
      <Outlet />
    </Page>
  )
}
