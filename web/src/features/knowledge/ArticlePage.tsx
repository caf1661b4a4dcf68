import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Pencil } from 'lucide-react'
import { Suspense, useState } from 'react'
import { sentence } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import { articleQuery, useEditArticle } from '../../api/queries/knowledge'
import type { ArticleOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { toast } from '../../app/toasts'
import { languageName, topicName } from '../../lib/names'
import { lazyPart } from '../../lib/lazyPart'
import { relative } from '../../lib/moments'
import { articleRoute } from '../../routes'
import { t } from '../../strings'
import { words } from '../../strings/pages/knowledge'
import { Badge, Button, Skeleton } from '../../ui'
import { Markdown } from '../../ui/Markdown'
import { Page } from '../../ui/Page'
import { statusTone } from './ArticlesPart'
import { ModelUse } from './ModelUse'

const ArticleForm = lazyPart(() => import('./ArticleForm').then((module) => ({ default: module.ArticleForm })))

/** One article, to be read or written. */
export function ArticlePage() {
  const { articleId } = articleRoute.useParams()
  const { data: article, error, refetch } = useQuery(articleQuery(articleId))
  const may = useMay('knowledge.edit')
  const [editing, setEditing] = useState(false)
  const edit = () => setEditing(true)
  useCommands(may && article && !editing ? [{ id: 'knowledge.edit', label: words.edit, group: 'page', keys: ['e'], run: edit }] : [])
  const actions = may && article && !editing && <><Publishing article={article} /><Button variant="primary" keys="e" onClick={edit}><Pencil size={12} aria-hidden />{words.edit}</Button></>
  return (
    <Page title={article?.title ?? t.app.pages.knowledge} actions={actions}>
      {error && !article ? <ErrorView error={error} onRetry={() => void refetch()} />
        : !article ? <Skeleton rows={10} className="p-0" />
          : editing ? <Suspense fallback={<Skeleton rows={10} className="p-0" />}><ArticleForm article={article} onDone={() => setEditing(false)} /></Suspense> : <Reading article={article} may={may} />}
    </Page>
  )
}

function Publishing({ article }: { article: ArticleOut }) {
  const { mutate, isPending } = useEditArticle(article)
  const become = (status: ArticleOut['status']) => mutate({ status }, {
    onSuccess: () => toast({ title: words.status[status] }),
    onError: (error) => toast({ title: t.app.errorTitle, description: sentence(error), tone: 'error' }),
  })
  return (
    <>
      {article.status !== 'published' && <Button disabled={isPending} onClick={() => become('published')}>{words.publish}</Button>}
      {article.status !== 'archived' ? <Button disabled={isPending} onClick={() => become('archived')}>{words.archive}</Button> : <Button disabled={isPending} onClick={() => become('draft')}>{words.bringBack}</Button>}
    </>
  )
}

function Reading({ article, may }: { article: ArticleOut; may: boolean }) {
  const { mutate, isPending } = useEditArticle(article)
  const letModels = (language_model_allowed: boolean) => mutate({ language_model_allowed }, {
    onSuccess: () => toast({ title: words.saved }),
    onError: (error) => toast({ title: t.app.errorTitle, description: sentence(error), tone: 'error' }),
  })
  return (
    <article className="space-y-5">
      <p className="flex flex-wrap items-center gap-2 text-xs text-fg-3">
        <Badge tone={statusTone(article.status)}>{words.status[article.status]}</Badge>
        {article.category && <Badge>{topicName(article.category)}</Badge>}
        {article.tags.map((tag) => <Badge key={tag}>{tag}</Badge>)}
        <span>{languageName(article.language)}</span>
        <time dateTime={article.updated_at}>{relative(article.updated_at)}</time>
      </p>
      {article.contradictions.length > 0 && (
        <section className="rounded-xl border border-line bg-high-soft px-4 py-3">
          <h2 className="font-semibold text-high">{words.disputedTitle}</h2>
          <p className="text-xs text-fg-2">{words.disputedHint}</p>
          <ul className="mt-2 space-y-1.5 text-sm">
            {article.contradictions.map((one) => (
              <li key={one.issue_id + one.noted_at}>
                <Link to="/inbox/$view/$issueId" params={{ view: 'all', issueId: one.issue_id }} className="inline-flex min-h-6 items-center text-fg underline underline-offset-2"><span dir="auto">{one.reason}</span></Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <ModelUse of={article} may={may} allowed={isPending} onChange={letModels} />
      <Markdown text={article.body} />
      {article.source_issue_ids.length > 0 && (
        <p className="flex flex-wrap gap-x-3 text-xs text-fg-3">
          {words.sources}
          {article.source_issue_ids.slice(0, 10).map((id, index) => (
            <Link key={id} to="/inbox/$view/$issueId" params={{ view: 'all', issueId: id }} className="inline-flex min-h-6 min-w-6 items-center justify-center text-accent-text hover:underline">{`#${index + 1}`}</Link>
          ))}
        </p>
      )}
    </article>
  )
}
