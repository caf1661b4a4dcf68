import { Download, LinkIcon, Paperclip } from 'lucide-react'
import { Suspense, useState } from 'react'
import { linkTo } from '../../api/queries/files'
import type { AttachmentOut } from '../../api/schema'
import { failed, toast } from '../../app/toasts'
import { bytes } from '../../lib/bytes'
import { lazyPart } from '../../lib/lazyPart'
import { thread } from '../../strings/pages/thread'
import { words } from '../../strings/pages/writing'
import { IconButton } from '../../ui'
import { Picture, contentOf, isPicture } from './Picture'

const Dialog = lazyPart(() => import('../../ui/Dialog'))
const copy = (id: string) => void linkTo(id).then((link) => navigator.clipboard.writeText(link)).then(() => toast({ title: words.fileLinkCopied }), failed)

/** The files of a message: each is saved by a click, or handed on by a link that is good for a few minutes. Pictures are shown. */
export function MessageFiles({ files }: { files: readonly AttachmentOut[] }) {
  const [shown, setShown] = useState<AttachmentOut>()
  const pictures = files.filter(isPicture)
  return (
    <>
      {pictures.length > 0 && (
        <ul aria-label={thread.pictures} className="mt-2 flex flex-wrap gap-1.5">
          {pictures.map((file) => (
            <li key={file.id} className="h-24 max-w-full empty:hidden">
              <button type="button" onClick={() => setShown(file)} className="h-full max-w-full min-w-11 overflow-hidden rounded-md border border-line bg-raised hover:border-line-strong">
                <Picture file={file} alt={thread.showPicture(file.filename)} className="h-full max-w-48 min-w-11 object-cover"><span className="px-2 text-xs text-fg-3">{thread.notDrawn}</span></Picture>
              </button>
            </li>
          ))}
        </ul>
      )}
      <ul aria-label={thread.attachments} className="mt-2 flex flex-wrap gap-1.5">
        {files.map((file) => (
          <li key={file.id} className="flex h-7 max-w-full items-center rounded-md border border-line bg-raised text-xs pointer-coarse:h-11">
            <a href={contentOf(file.id)} aria-label={thread.download(file.filename)} className="flex h-full min-w-0 items-center gap-1.5 rounded-md pr-1 pl-2 hover:bg-hover">
              <Paperclip size={12} aria-hidden className="shrink-0" /><span dir="auto" className="truncate">{file.filename}</span>
              <span data-number className="shrink-0 text-fg-3">{bytes(file.size_bytes)}</span>
            </a>
            <IconButton label={words.copyFileLink(file.filename)} onClick={() => copy(file.id)}><LinkIcon size={12} aria-hidden /></IconButton>
          </li>
        ))}
      </ul>
      {shown && (
        <Suspense>
          <Dialog open onOpenChange={() => setShown(undefined)} title={shown.filename} className="!w-[min(68.75rem,94vw)]">
            <div className="flex flex-col items-center gap-3 p-4">
              <Picture file={shown} alt={shown.filename} className="max-h-[58vh] max-w-full object-contain"><p className="text-fg-3">{thread.notDrawn}</p></Picture>
              <a href={contentOf(shown.id)} className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line bg-raised px-2.5 text-xs font-medium hover:bg-hover pointer-coarse:h-11"><Download size={13} aria-hidden />{thread.download(shown.filename)}</a>
            </div>
          </Dialog>
        </Suspense>
      )}
    </>
  )
}
