import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { History, Pencil } from 'lucide-react'
import { Suspense, useState } from 'react'
import { useMay } from '../../api/queries/me'
import { articleQuery, healthQuery, useEditArticle } from '../../api/queries/knowledge'
import type { ArticleOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { failed, toast } from '../../app/toasts'
import { languageName, topicName } from '../../lib/names'
import { lazyPart } from '../../lib/lazyPart'
import { relative } from '../../lib/moments'
import { articleRoute } from '../../routes'
import { t } from '../../strings'
import { words } from '../../strings/pages/knowledge'
import { Badge, Button, Skeleton } from '../../ui'
import { Markdown } from '../../ui/Markdown'
import { BackTo, Page } from '../../ui/Page'
import { statusTone } from './ArticlesPart'
import { ModelUse } from './ModelUse'
import { TakenOut, useAskLeft } from './TakenOut'
import { notTakenBack } from './undoing'

const ArticleForm = lazyPart(() => import('./ArticleForm').then((module) => ({ default: module.ArticleForm })))

/** One article, to be read or written. */
export function ArticlePage() {
  const { articleId } = articleRoute.useParams()
  const { data: article, error, refetch } = useQuery(articleQuery(articleId))
  const may = useMay('knowledge.edit')
  const [editing, setEditing] = useState(false)
  const edit = () => setEditing(true)
  const navigate = useNavigate()
  const open = (to: '/knowledge' | '/knowledge/articles/$articleId/versions') => void navigate({ to, params: { articleId } })
  useCommands(article && !editing ? [
    ...(may ? [{ id: 'knowledge.edit', label: words.edit, group: 'page' as const, keys: ['e'], run: edit }] : []),
    { id: 'knowledge.versions', label: words.versions, group: 'page', keys: ['v'], run: () => open('/knowledge/articles/$articleId/versions') },
    { id: 'knowledge.back', label: words.back, group: 'page', keys: ['escape'], run: () => open('/knowledge') },
  ] : [])
  const actions = article && !editing && (
    <>
      <Button keys="v" onClick={() => open('/knowledge/articles/$articleId/versions')}><History size={12} aria-hidden />{words.versions}</Button>
      {may && <><Publishing article={article} /><Button variant="primary" keys="e" onClick={edit}><Pencil size={12} aria-hidden />{words.edit}</Button></>}
    </>
  )
  return (
    <Page title={article?.title ?? t.app.pages.knowledge} back={!editing && <BackTo to="/knowledge" label={words.back} />} actions={actions}>
      {error && !article ? <ErrorView error={error} onRetry={() => void refetch()} />
        : !article ? <Skeleton rows={10} className="p-0" />
          : editing ? <Suspense fallback={<Skeleton rows={10} className="p-0" />}><ArticleForm article={article} onDone={() => setEditing(false)} /></Suspense> : <Reading article={article} may={may} />}
    </Page>
  )
}

function Publishing({ article }: { article: ArticleOut }) {
  const { mutateAsync, isPending } = useEditArticle(article.id)
  const become = (status: ArticleOut['status']) => void mutateAsync({ status, version: article.version }).then((changed) => {
    const undo = () => void mutateAsync({ status: article.status, version: changed.version }).then(({ status: before }) => toast({ title: words.status[before] }), (error: unknown) => notTakenBack(error, changed))
    toast({ title: words.status[status], undo })
  }, failed)
  const { publish, question } = useAskLeft([article.title, article.body])
  return (
    <>
      {question}
      {article.status !== 'published' && <Button disabled={isPending} onClick={() => publish(() => become('published'))}>{words.publish}</Button>}
      {article.status !== 'archived' ? <Button disabled={isPending} onClick={() => become('archived')}>{words.archive}</Button> : <Button disabled={isPending} onClick={() => become('draft')}>{words.bringBack}</Button>}
    </>
  )
}

function Reading({ article, may }: { article: ArticleOut; may: boolean }) {
  const { mutate, isPending } = useEditArticle(article.id)
  const letModels = (language_model_allowed: boolean) => mutate({ language_model_allowed, version: article.version }, { onSuccess: () => toast({ title: words.saved }), onError: failed })
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
      <HealthOf article={article} may={may} />
      <ModelUse of={article} may={may} allowed={isPending} onChange={letModels} />
      {may && <TakenOut texts={[article.title, article.body]} />}
      <Markdown text={article.body} markTakenOut={may} />
      {article.sources.length > 0 && (
        <p className="flex flex-wrap gap-x-3 text-xs text-fg-3">
          {words.sources}
          {article.sources.slice(0, 10).map((one) => (
            <Link key={one.issue_id} to="/inbox/$view/$issueId" params={{ view: 'all', issueId: one.issue_id }} title={one.subject} className="inline-flex min-h-6 min-w-6 items-center justify-center text-accent-text hover:underline">{one.key}</Link>
          ))}
        </p>
      )}
    </article>
  )
}

/** How often drafts stood on it and what became of them; and where nobody looked at it for long, a way to say that it still holds. */
function HealthOf({ article, may }: { article: ArticleOut; may: boolean }) {
  const { data: health } = useQuery(healthQuery(article.id))
  const { mutateAsync, isPending } = useEditArticle(article.id)
  const confirm = () => {
    const { status, version, updated_at: unchanged_since } = article
    const undo = (confirmed: ArticleOut) => void mutateAsync({ status, version: confirmed.version, unchanged_since }).then(() => toast({ title: words.unconfirmed }), (error: unknown) => notTakenBack(error, confirmed))
    void mutateAsync({ status, version }).then((confirmed) => toast({ title: words.confirmed, undo: () => undo(confirmed) }), failed)
  }
  return (
    <>
      {health && health.drafts > 0 && <p data-number className="text-xs text-fg-3">{words.figures(health.drafts, health.kept, health.satisfied, health.rated)}</p>}
      {health?.stale && health.contradictions === 0 && (
        <section className="flex flex-wrap items-center gap-3 rounded-xl border border-line bg-medium-soft px-4 py-3">
          <div className="min-w-0 flex-1">
            <h2 className="font-semibold text-medium">{words.oldTitle}</h2>
            <p className="text-xs text-fg-2">{words.oldHint}</p>
          </div>
          {may && <Button disabled={isPending} onClick={confirm}>{words.stillRight}</Button>}
        </section>
      )}
    </>
  )
}
