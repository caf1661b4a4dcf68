import { useQuery } from '@tanstack/react-query'
import { Paperclip, RotateCw, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { attachmentsQuery } from '../../api/queries/issues'
import { fileRulesQuery } from '../../api/queries/files'
import type { AttachmentOut } from '../../api/schema'
import { useCommands } from '../../app/commands'
import { useAfterPaint } from '../../lib/afterPaint'
import { bytes } from '../../lib/bytes'
import { locale } from '../../strings'
import { words } from '../../strings/pages/writing'
import { Button, IconButton, cx } from '../../ui'
import { failed } from '../../app/toasts'
import { box } from './composing'
import { Picture, isPicture } from './Picture'
import { addFiles, dropUpload, removeDraftFile, retryUpload, settleUploads, stopWaiting, useSendWaits, useUploads, type Upload } from './uploads'
import { useDraftText, type DraftFile, type DraftText, type Mode } from './useDraftText'

/**
 * The files that go with one of the two texts: those the server keeps with the draft, and those of words that came back.
 * Undefined until the server has told: a text must not go without its files.
 */
export function useDraftFiles(issueId: string, part: Mode): readonly DraftFile[] | undefined {
  const { data } = useQuery({ ...attachmentsQuery(issueId), enabled: useAfterPaint(true, false) })
  const [draft] = useDraftText(issueId)
  return data && filesOf(data, draft, part)
}

/** The same out of what the server answered. */
export function filesOf(all: readonly AttachmentOut[], draft: DraftText, part: Mode): readonly DraftFile[] {
  const kept = all.filter((file) => file.drafted === part).map(({ id, filename, size_bytes, content_type }): DraftFile => ({ id, filename, size_bytes, content_type, part }))
  // What the server knows no more was removed elsewhere.
  const isMore = ({ id }: DraftFile) => all.some((file) => file.id === id) && !kept.some((file) => file.id === id)
  return [...kept, ...(draft.files ?? []).filter((file) => file.part === part && isMore(file))]
}

/** Chooses files; pasting and dropping them does the same. */
export function AttachButton({ issueId, part, attached }: { issueId: string; part: Mode; attached: number }) {
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
          void addFiles(issueId, part, [...(event.target.files ?? [])], attached).catch(failed)
          event.target.value = ''
        }}
      />
    </>
  )
}

const Clip = () => <Paperclip size={12} aria-hidden className="shrink-0 text-fg-3" />

/** What goes with the text: each file with its size, how far it is, and why it was not taken. */
export function DraftFiles({ issueId, part, files }: { issueId: string; part: Mode; files: readonly DraftFile[] }) {
  const uploads = useUploads(issueId).filter((one) => one.part === part)
  useEffect(() => settleUploads(issueId, files), [issueId, files, uploads.length])
  const remove = (file: DraftFile) => {
    box()?.focus()
    void removeDraftFile(issueId, file.id)
  }
  const refused = uploads.filter((one) => one.problem).length
  const last = files.at(-1)
  return (
    <>
      <p role="status" className="sr-only">{refused > 0 ? words.refused(refused) : last && words.fileAdded(last.filename)}</p>
      {(files.length > 0 || uploads.length > 0) && <ul aria-label={words.files} className="flex flex-wrap gap-1.5 px-3 pb-1.5">
        {files.map((file) => (
          <li key={file.id} className="flex h-7 max-w-full items-center gap-1.5 rounded-md border border-line bg-panel pl-2 text-xs pointer-coarse:h-11">
            {isPicture(file)
              ? <Picture file={file} alt={words.previewOf(file.filename)} className="-ml-1 size-6 shrink-0 rounded-sm object-cover pointer-coarse:size-9"><Clip /></Picture>
              : <Clip />}
            <span dir="auto" className="truncate">{file.filename}</span>
            <span data-number className="shrink-0 text-fg-3">{bytes(file.size_bytes)}</span>
            <IconButton label={words.removeFile(file.filename)} onClick={() => remove(file)}><X size={12} aria-hidden /></IconButton>
          </li>
        ))}
        {uploads.map((upload) => <Coming key={upload.key} issueId={issueId} upload={upload} />)}
      </ul>}
      <SendWaits issueId={issueId} part={part} />
    </>
  )
}

/** Says that the text goes when its files are there, and lets it stay. */
function SendWaits({ issueId, part }: { issueId: string; part: Mode }) {
  const waits = useSendWaits(issueId, part)
  const stop = () => {
    box()?.focus()
    stopWaiting(issueId)
  }
  return (
    <div role="status" className="empty:hidden">
      {waits && <p className="flex items-center gap-2 px-3 pb-1.5 text-xs text-fg-2"><span>{words.sendWaits}</span><Button variant="ghost" onClick={stop}>{words.doNotSend}</Button></p>}
    </div>
  )
}

function Coming({ issueId, upload }: { issueId: string; upload: Upload }) {
  const { file: { name, size }, problem, share } = upload
  const percent = Math.round(share * 100)
  return (
    <li className={cx('relative flex min-h-7 max-w-full items-center gap-1.5 overflow-hidden rounded-md border pl-2 text-xs pointer-coarse:min-h-11', problem ? 'border-critical bg-critical-soft text-critical' : 'border-line bg-panel')}>
      {!problem && <progress aria-label={words.uploading(name, percent)} max={100} value={percent} className="absolute inset-x-0 bottom-0 h-0.5 w-full" />}
      <span dir="auto" className="truncate">{name}</span>
      <span data-number className={cx('shrink-0', !problem && 'text-fg-3')}>{problem ?? `${new Intl.NumberFormat(locale, { style: 'percent' }).format(share)}, ${bytes(size)}`}</span>
      {problem && upload.mayRetry && <IconButton label={words.retryFile(name)} onClick={() => retryUpload(issueId, upload)}><RotateCw size={12} aria-hidden /></IconButton>}
      <IconButton label={words.removeFile(name)} onClick={() => { box()?.focus(); dropUpload(issueId, upload) }}><X size={12} aria-hidden /></IconButton>
    </li>
  )
}
