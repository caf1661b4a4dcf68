import { useQuery } from '@tanstack/react-query'
import { Paperclip, RotateCw, X } from 'lucide-react'
import { useRef } from 'react'
import { attachmentsQuery } from '../../api/queries/issues'
import { fileRulesQuery, removeFile } from '../../api/queries/files'
import { queryClient } from '../../api/queryClient'
import { useCommands } from '../../app/commands'
import { bytes } from '../../lib/bytes'
import { words } from '../../strings/pages/writing'
import { IconButton, cx } from '../../ui'
import { failed } from '../../app/toasts'
import { addFiles, dropUpload, retryUpload, useUploads, type Upload } from './uploads'
import { changeDraft, getDraft, useDraftText, type DraftFile } from './useDraftText'

/** The files that go with what is written next: those the server keeps with the draft, and those of words that came back. */
export function useDraftFiles(issueId: string): readonly DraftFile[] {
  const { data } = useQuery(attachmentsQuery(issueId))
  const [draft] = useDraftText(issueId)
  const kept = data?.filter((file) => file.drafted) ?? []
  return [...kept, ...(draft.files ?? []).filter((file) => !kept.some((one) => one.id === file.id))]
}

/** Chooses files; pasting and dropping them does the same. */
export function AttachButton({ issueId, attached }: { issueId: string; attached: number }) {
  const field = useRef<HTMLInputElement>(null)
  const { data: rules } = useQuery(fileRulesQuery)
  const choose = () => field.current?.click()
  useCommands([{ id: 'compose.attach', label: words.attach, group: 'compose', keys: ['f'], run: choose }])
  return (
    <>
      <IconButton label={words.attach} keys="f" onClick={choose} aria-describedby="attach-hint"><Paperclip size={15} aria-hidden /></IconButton>
      <span id="attach-hint" className="sr-only">{rules && words.attachHint(bytes(rules.max_bytes), rules.max_per_message)}</span>
      <input
        ref={field} type="file" multiple hidden tabIndex={-1} aria-label={words.attach}
        onChange={(event) => {
          void addFiles(issueId, [...(event.target.files ?? [])], attached).catch(failed)
          event.target.value = ''
        }}
      />
    </>
  )
}

/** What goes with the text: each file with its size, how far it is, and why it was not taken. */
export function DraftFiles({ issueId, files }: { issueId: string; files: readonly DraftFile[] }) {
  const uploads = useUploads(issueId)
  const remove = (file: DraftFile) => {
    changeDraft(issueId, { files: (getDraft(issueId).files ?? []).filter((one) => one.id !== file.id) })
    void removeFile(file.id).catch(failed).finally(() => void queryClient.invalidateQueries({ queryKey: attachmentsQuery(issueId).queryKey }))
  }
  const refused = uploads.filter((one) => one.problem).length
  if (!files.length && !uploads.length) return null
  return (
    <>
      <p role="status" className="sr-only">{refused > 0 && words.refused(refused)}</p>
      <ul aria-label={words.files} className="flex flex-wrap gap-1.5 px-3 pb-1.5">
        {files.map((file) => (
          <li key={file.id} className="flex h-7 max-w-full items-center gap-1.5 rounded-md border border-line bg-panel pl-2 text-xs pointer-coarse:h-11">
            <Paperclip size={12} aria-hidden className="shrink-0 text-fg-3" />
            <span dir="auto" className="truncate">{file.filename}</span>
            <span data-number className="shrink-0 text-fg-3">{bytes(file.size_bytes)}</span>
            <IconButton label={words.removeFile(file.filename)} onClick={() => remove(file)}><X size={12} aria-hidden /></IconButton>
          </li>
        ))}
        {uploads.map((upload) => <Coming key={upload.key} issueId={issueId} upload={upload} />)}
      </ul>
    </>
  )
}

function Coming({ issueId, upload }: { issueId: string; upload: Upload }) {
  const { file: { name, size }, problem, share } = upload
  const percent = Math.round(share * 100)
  return (
    <li className={cx('relative flex min-h-7 max-w-full items-center gap-1.5 overflow-hidden rounded-md border pl-2 text-xs pointer-coarse:min-h-11', problem ? 'border-critical bg-critical-soft text-critical' : 'border-line bg-panel')}>
      {!problem && <progress aria-label={words.uploading(name, percent)} max={100} value={percent} className="bar absolute inset-x-0 bottom-0 h-0.5 w-full" />}
      <span dir="auto" className="truncate">{name}</span>
      <span data-number className={cx('shrink-0', !problem && 'text-fg-3')}>{problem ?? `${percent} %, ${bytes(size)}`}</span>
      {problem && upload.mayRetry && <IconButton label={words.retryFile(name)} onClick={() => retryUpload(issueId, upload)}><RotateCw size={12} aria-hidden /></IconButton>}
      <IconButton label={words.removeFile(name)} onClick={() => dropUpload(issueId, upload)}><X size={12} aria-hidden /></IconButton>
    </li>
  )
}
