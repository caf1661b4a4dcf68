import { X } from 'lucide-react'
import { words } from '../../strings/pages/writing'
import { box } from './composing'
import { changeDraft, type DraftText } from './useDraftText'

/** What a macro does with the reply besides its words; each of it can be left out. */
export default function Along({ issueId, draft: { addTags = [], thenStatus } }: { issueId: string; draft: DraftText }) {
  if (!addTags.length && !thenStatus) return null
  const drop = (change: Partial<DraftText>) => {
    box()?.focus()
    changeDraft(issueId, change)
  }
  return (
    <ul aria-label={words.along} className="flex flex-wrap gap-1.5 px-3 pb-1.5">
      {addTags.map((tag) => <Chip key={tag} text={words.addsTag(tag)} label={words.dropTag(tag)} onDrop={() => drop({ addTags: addTags.filter((one) => one !== tag) })} />)}
      {thenStatus && <Chip text={words.then[thenStatus]} label={words.dropStatus} onDrop={() => drop({ thenStatus: undefined })} />}
    </ul>
  )
}

function Chip({ text, label, onDrop }: { text: string; label: string; onDrop: () => void }) {
  return (
    <li className="flex h-6 max-w-full items-center rounded-md bg-hover pl-2 text-xs text-fg-2 pointer-coarse:h-9">
      <span dir="auto" className="truncate">{text}</span>
      <button type="button" aria-label={label} onClick={onDrop} className="ml-0.5 flex size-6 shrink-0 items-center justify-center rounded-md hover:text-fg pointer-coarse:size-9"><X size={12} aria-hidden /></button>
    </li>
  )
}
