import { LinkIcon, Paperclip } from 'lucide-react'
import { linkTo } from '../../api/queries/files'
import type { AttachmentOut } from '../../api/schema'
import { failed, toast } from '../../app/toasts'
import { bytes } from '../../lib/bytes'
import { thread } from '../../strings/pages/thread'
import { words } from '../../strings/pages/writing'
import { IconButton } from '../../ui'

/** The files of a message: each is saved by a click, or handed on by a link that is good for a few minutes. */
export function MessageFiles({ files }: { files: readonly AttachmentOut[] }) {
  const copy = (id: string) => void linkTo(id).then((link) => navigator.clipboard.writeText(link)).then(() => toast({ title: words.fileLinkCopied }), failed)
  return (
    <ul aria-label={thread.attachments} className="mt-2 flex flex-wrap gap-1.5">
      {files.map((file) => (
        <li key={file.id} className="flex h-7 max-w-full items-center rounded-md border border-line bg-raised text-xs pointer-coarse:h-11">
          <a href={`/v1/attachments/${file.id}/content`} aria-label={thread.download(file.filename)} className="flex h-full min-w-0 items-center gap-1.5 rounded-md pr-1 pl-2 hover:bg-hover">
            <Paperclip size={12} aria-hidden className="shrink-0" /><span dir="auto" className="truncate">{file.filename}</span>
            <span data-number className="shrink-0 text-fg-3">{bytes(file.size_bytes)}</span>
          </a>
          <IconButton label={words.copyFileLink(file.filename)} onClick={() => copy(file.id)}><LinkIcon size={12} aria-hidden /></IconButton>
        </li>
      ))}
    </ul>
  )
}
