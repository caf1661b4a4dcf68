import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { isStale } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import { articleChanged, articleQuery, restoreVersion, versionQuery, versionsQuery } from '../../api/queries/knowledge'
import type { ArticleOut, VersionOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { ErrorView } from '../../app/ErrorPage'
import { failed, offerUndo, toast } from '../../app/toasts'
import { languageName, topicName } from '../../lib/names'
import { relative } from '../../lib/moments'
import { dateTime } from '../../lib/time'
import { versionsRoute } from '../../routes'
import { words } from '../../strings/pages/knowledge'
import { Button, Skeleton, cx } from '../../ui'
import { SelectField } from '../../ui/Field'
import { Markdown } from '../../ui/Markdown'
import { BackTo, Page } from '../../ui/Page'
import { Segmented } from '../../ui/Segmented'
import { Diff } from './Diff'
import { notTakenBack } from './undoing'

/** A text that the article has or had, and how it came to it; nothing of that is known of the first that was kept. */
type Text = { version: number; isNow: boolean; since: string | null; by: VersionOut | undefined }
type Words = Pick<ArticleOut, 'title' | 'body' | 'category' | 'language' | 'tags'>

/** What an article said before: who changed it, when and why; two texts side by side; and the way back to one. */
export function VersionsPage() {
  const { articleId } = versionsRoute.useParams()
  const { data: article, error, refetch } = useQuery(articleQuery(articleId))
  const { data: versions } = useQuery(versionsQuery(articleId))
  return (
    <Page title={article ? words.versionsOf(article.title) : words.versions} wide back={<BackTo to="/knowledge/articles/$articleId" params={{ articleId }} label={words.backToArticle} />}>
      {error && !article ? <ErrorView error={error} onRetry={() => void refetch()} />
        : article && versions ? <Versions article={article} texts={textsOf(article, versions)} /> : <Skeleton rows={10} className="p-0" />}
    </Page>
  )
}

/** The text of now and the earlier ones; an entry of the record tells how the text after it came about. */
function textsOf(article: ArticleOut, versions: readonly VersionOut[]): Text[] {
  const first = { version: article.version, isNow: true, since: versions[0]?.replaced_at ?? article.created_at, by: versions[0] }
  return [first, ...versions.map((one, at) => ({ version: one.version, isNow: false, since: versions[at + 1]?.replaced_at ?? null, by: versions[at + 1] }))]
}

function Versions({ article, texts }: { article: ArticleOut; texts: readonly Text[] }) {
  const { text, from } = versionsRoute.useSearch()
  const navigate = useNavigate()
  const at = Math.max(0, texts.findIndex((one) => one.version === text))
  const shown = texts[at] as Text
  const before = texts.find((one) => one.version === from && one !== shown) ?? texts[at + 1]
  const show = (one: Text | undefined) => void (one && navigate({ to: '.', search: { text: one.isNow ? undefined : one.version }, replace: true }))
  const leave = () => void navigate({ to: '/knowledge/articles/$articleId', params: { articleId: article.id } })
  useCommands([
    { id: 'versions.next', label: words.olderText, group: 'page', keys: ['j'], run: () => show(texts[at + 1]) },
    { id: 'versions.previous', label: words.newerText, group: 'page', keys: ['k'], run: () => show(texts[at - 1]) },
    { id: 'versions.back', label: words.backToArticle, group: 'page', keys: ['escape'], run: leave },
  ])
  if (texts.length < 2) return <p className="text-fg-3">{words.versionsNone}</p>
  return (
    <div className="grid gap-6 lg:grid-cols-[17.5rem_minmax(0,1fr)]">
      <nav aria-label={words.versions}>
        <ul className="space-y-0.5">
          {texts.map((one) => (
            <li key={one.version}>
              <Link
                to="." search={{ text: one.isNow ? undefined : one.version }} replace aria-current={one === shown ? 'true' : undefined}
                className={cx('block rounded-lg px-2.5 py-2 -outline-offset-2 forced-colors:aria-[current]:outline-2', one === shown ? 'bg-selected' : 'hover:bg-hover')}
              >
                <span className="font-medium">{nameOf(one)}</span>
                <Origin of={one} />
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Shown key={shown.version} article={article} shown={shown} before={before} texts={texts} />
    </div>
  )
}

const nameOf = (one: Text): string => (one.isNow ? words.textNow : words.textOf(one.version))

function Origin({ of: { by, since, isNow } }: { of: Text }) {
  if (!by) return <span className="block text-xs text-fg-3">{isNow ? null : words.firstKept}</span>
  return (
    <>
      <span className="block text-xs text-fg-3">{words.came[by.how](by.replaced_by ?? '')}{since && <> · <time dateTime={since} title={dateTime(since)}>{relative(since)}</time></>}</span>
      {by.change_note && <span dir="auto" className="block text-xs break-words text-fg-2">{by.change_note}</span>}
    </>
  )
}

/** The words of a text; of an earlier one they are read when it is looked at. */
function useWords(article: ArticleOut, one: Text | undefined): { words: Words | undefined; error: Error | null } {
  const earlier = one && !one.isNow ? one.version : undefined
  const { data, error } = useQuery({ ...versionQuery(article.id, earlier ?? 0), enabled: earlier !== undefined })
  return { words: earlier === undefined ? one && article : data, error }
}

type ShownProps = { article: ArticleOut; shown: Text; before: Text | undefined; texts: readonly Text[] }

function Shown({ article, shown, before, texts }: ShownProps) {
  const navigate = useNavigate()
  const may = useMay('knowledge.edit')
  const [mode, setMode] = useState<'changes' | 'text'>(before ? 'changes' : 'text')
  const now = useWords(article, shown)
  const then = useWords(article, before)
  const error = now.error ?? then.error
  const restore = useRestore(article, shown.version)
  useCommands(may && !shown.isNow ? [{ id: 'versions.restore', label: words.restore, group: 'page', run: restore.run }] : [])
  const compare = (version: number) => void navigate({ to: '.', search: (search) => ({ ...search, from: version }), replace: true })
  return (
    <section aria-label={nameOf(shown)} className="min-w-0 space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <Segmented label={words.mode} quiet value={mode} onChange={setMode} options={[{ value: 'changes', label: words.nowAndThen }, { value: 'text', label: words.wholeText }]} />
        {mode === 'changes' && before && (
          <SelectField
            label={words.comparedWith} className="min-w-40 max-w-full" value={String(before.version)} onChange={(event) => compare(Number(event.target.value))}
            options={texts.filter((one) => one !== shown).map((one) => ({ value: String(one.version), label: nameOf(one) }))}
          />
        )}
        {may && !shown.isNow && <Button large className="ml-auto" disabled={restore.busy} onClick={restore.run}><RotateCcw size={13} aria-hidden />{words.restore}</Button>}
      </div>
      {error ? <ErrorView error={error} onRetry={() => void articleChanged(article.id)} />
        : !now.words || (before && !then.words) ? <Skeleton rows={6} className="p-0" />
          : mode === 'text' ? <><h2 dir="auto" className="text-lg font-semibold">{now.words.title}</h2><Markdown text={now.words.body} /></>
            : then.words && before ? <Compared {...inOrder([before, then.words], [shown, now.words])} /> : <p className="text-fg-3">{words.nothingBefore}</p>}
    </section>
  )
}

/** The older one first, whichever was chosen first. */
function inOrder(one: [Text, Words], other: [Text, Words]): ComparedProps {
  const [[before, was], [after, is]] = one[0].version < other[0].version ? [one, other] : [other, one]
  return { before: was, after: is, names: { before: nameOf(before), after: nameOf(after) } }
}

type ComparedProps = { before: Words; after: Words; names: { before: string; after: string } }

/** What differs of two texts: title, topic, language and tags in a line each, the text itself line by line. */
function Compared({ before, after, names }: ComparedProps) {
  const facts = ([
    [words.title, before.title, after.title],
    [words.category, before.category ? topicName(before.category) : '–', after.category ? topicName(after.category) : '–'],
    [words.language, languageName(before.language), languageName(after.language)],
    [words.tags, before.tags.join(', ') || '–', after.tags.join(', ') || '–'],
  ] as const).filter(([, was, is]) => was !== is)
  return (
    <>
      {facts.length > 0 && (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-xs">
          {facts.map(([name, was, is]) => (
            <div key={name} className="contents">
              <dt className="text-fg-3">{name}</dt>
              <dd dir="auto" className="break-words"><del className="text-critical"><span className="sr-only">{names.before}: </span>{was}</del> <span aria-hidden>→</span> <ins className="text-ok no-underline"><span className="sr-only">{names.after}: </span>{is}</ins></dd>
            </div>
          ))}
        </dl>
      )}
      <Diff before={before.body} after={after.body} names={names} />
    </>
  )
}

/** Brings a text back; `z` brings the one of before back again, which is kept like any other. */
function useRestore(article: ArticleOut, version: number): { run: () => void; busy: boolean } {
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const run = () => {
    if (busy) return
    setBusy(true)
    let unwanted = false
    const { withdraw } = offerUndo(() => { unwanted = true })
    restoreVersion(article.id, version, article.version).then((restored) => {
      const undo = () => void restoreVersion(article.id, article.version, restored.version).then(() => toast({ title: words.restoreUndone }), (error: unknown) => notTakenBack(error, restored))
      if (unwanted) undo()
      else toast({ title: words.restored, description: words.restoredHint, undo })
      void navigate({ to: '.', search: {}, replace: true })
    }, (error: unknown) => {
      if (isStale(error)) void articleChanged(article.id).then(() => toast({ title: words.changedMeanwhile, tone: 'error' }))
      else failed(error)
    }).finally(() => { withdraw(); setBusy(false) })
  }
  return { run, busy }
}
