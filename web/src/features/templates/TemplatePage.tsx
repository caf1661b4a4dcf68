import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ApiError, sentence } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import { allTemplatesQuery, templateQuery } from '../../api/queries/templateEditor'
import type { TemplateOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { NotForRole } from '../../app/Closed'
import { ErrorView } from '../../app/ErrorPage'
import { templateRoute } from '../../routes'
import { t } from '../../strings'
import { words } from '../../strings/pages/templates'
import { Banner, Button, Skeleton } from '../../ui'
import { BackTo, Page } from '../../ui/Page'
import { useUnsaved } from '../../ui/useUnsaved'
import { replacePlaceholder } from '../../lib/placeholders'
import { foldersOf } from './folders'
import { TemplateFields } from './TemplateFields'
import { TemplatePreview } from './TemplatePreview'
import { useTemplateEditor } from './useTemplateEditor'

export function TemplatePage() {
  const { templateId } = templateRoute.useParams()
  const isNew = templateId === 'new'
  const { data, error, refetch } = useQuery({ ...templateQuery(templateId), enabled: !isNew })
  const edits = useMay('templates.edit')
  if (isNew && !edits) return <Page title={words.newOne}><NotForRole /></Page>
  if (isNew) return <Editor key="new" template={undefined} onTheirs={() => Promise.resolve(undefined)} />
  if (error) return <Page title={t.app.pages.templates}><ErrorView error={error} onRetry={() => void refetch()} /></Page>
  if (!data) return <Page title={t.app.pages.templates}><Skeleton className="p-0" /></Page>
  return <Editor key={data.id} template={data} onTheirs={() => refetch().then((answer) => answer.data)} />
}

type EditorProps = { template: TemplateOut | undefined; onTheirs: () => Promise<TemplateOut | undefined> }

/** One template: its fields, and beside them how it reads on a real issue. */
function Editor({ template, onTheirs }: EditorProps) {
  const editor = useTemplateEditor(template)
  const unsaved = useUnsaved(editor.changed)
  const edits = useMay('templates.edit')
  const { data: all } = useInfiniteQuery(allTemplatesQuery)
  const folders = foldersOf(all?.pages.flatMap((page) => page.data) ?? [])
  const toggle = template?.active ? words.archive : words.restore
  useCommands(edits ? [
    { id: 'template.save', label: t.app.save, group: 'page', keys: ['mod+s'], whileTyping: true, run: () => editor.save() },
    ...(template ? [{ id: 'template.archive', label: toggle, group: 'page' as const, run: () => editor.setActive(!template.active) }] : []),
  ] : [])
  const actions = (
    <>
      {edits && template && <Button large onClick={() => editor.setActive(!template.active)}>{toggle}</Button>}
      {edits && <Button large variant="primary" keys="mod+s" disabled={!editor.ready} onClick={() => editor.save()}>{template ? t.app.save : words.create}</Button>}
    </>
  )
  return (
    <Page title={template?.title ?? words.newOne} back={<BackTo to="/templates" label={words.back} />} actions={actions} wide>
      {unsaved}
      <Trouble problem={editor.problem} outdated={editor.outdated} onTheirs={() => void onTheirs().then(editor.takeTheirs)} onMine={() => editor.save(true)} />
      <div className="grid max-w-[80rem] gap-6 lg:grid-cols-2">
        <TemplateFields fields={editor.fields} folders={folders} errors={editor.problem instanceof ApiError ? editor.problem.fields : {}} readOnly={!edits} onChange={editor.setFields} />
        <TemplatePreview body={editor.fields.body} template={template} onReplace={edits ? (name, by) => editor.setFields({ ...editor.fields, body: replacePlaceholder(editor.fields.body, name, by) }) : undefined} />
      </div>
    </Page>
  )
}

/** Why it was not stored: somebody else was faster, or what the server says; what belongs to a field is told there. */
function Trouble({ problem, outdated, onTheirs, onMine }: { problem: Error | null; outdated: boolean; onTheirs: () => void; onMine: () => void }) {
  if (outdated) {
    return (
      <div className="mb-4 overflow-hidden rounded-lg">
        <Banner tone="info">{words.stale}<Button onClick={onTheirs}>{words.takeTheirs}</Button><Button onClick={onMine}>{words.keepMine}</Button></Banner>
      </div>
    )
  }
  const ofFields = problem instanceof ApiError && Object.keys(problem.fields).length > 0
  return problem && !ofFields ? <p role="alert" className="mb-4 text-critical">{sentence(problem)}</p> : null
}
