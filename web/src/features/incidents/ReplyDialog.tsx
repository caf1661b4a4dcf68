import { useQuery } from '@tanstack/react-query'
import { useId, useRef, useState } from 'react'
import { sentence } from '../../api/errors'
import { replyPreviewQuery, UNDO_ALL_S, useReplyToAll } from '../../api/queries/incidents'
import { meQuery } from '../../api/queries/me'
import type { IncidentOut, ReplyPreviewOut } from '../../api/schema'
import { failed, toast } from '../../app/toasts'
import { useLater } from '../../lib/useLater'
import { t } from '../../strings'
import { words } from '../../strings/pages/incidents'
import { Button } from '../../ui'
import Dialog from '../../ui/Dialog'
import { SelectField } from '../../ui/Field'

const THENS = ['stay', 'pending', 'resolved'] as const
type Then = (typeof THENS)[number]

/** One text for the customers of an incident: written once, seen as each of them will read it, then queued for each. */
export default function ReplyDialog({ incident, onClose }: { incident: IncidentOut; onClose: () => void }) {
  const signature = useQuery(meQuery).data?.account?.signature
  const [begun] = useState(signature ? `${words.start}\n\n${signature}` : words.start)
  const [body, setBody] = useState(begun)
  const [left, setLeft] = useState<readonly string[]>([])
  const [then, setThen] = useState<Then>('pending')
  const [key, setKey] = useState(() => crypto.randomUUID())
  const { send, takeBack } = useReplyToAll(incident.id)
  const settled = useLater(body, 300)
  const written = settled.trim() !== begun.trim()
  const { data: previews, error: unreadable } = useQuery({ ...replyPreviewQuery(incident.id, settled), enabled: settled.trim() !== '' })
  const going = (previews ?? []).filter((one) => !one.missing.length && !left.includes(one.issue_id)).map((one) => one.issue_id)
  const edit = (text: string) => { setBody(text); setKey(crypto.randomUUID()) }
  const submit = () => send.mutate({ key, body, issue_ids: going, delay_s: UNDO_ALL_S, then_status: then === 'stay' ? null : then }, {
    onSuccess: ({ data }) => {
      onClose()
      const undo = () => { takeBack(data).then((count) => toast({ title: words.takenBack(count) }), failed) }
      toast({ title: words.sent(data.length, UNDO_ALL_S), timeout: UNDO_ALL_S * 1000, undo })
    },
  })
  const problem = send.error ?? unreadable
  // What is shown must be what is sent.
  const ready = written && settled === body && going.length > 0 && !unreadable && !send.isPending
  return (
    <Dialog open onOpenChange={onClose} title={words.replyTitle(incident.title)} hint={words.replyHint} className="!top-[6vh] !max-h-[88vh] !w-[min(720px,96vw)]">
      <form className="space-y-4 p-4" onSubmit={(event) => { event.preventDefault(); if (ready) submit() }}>
        <Writing body={body} onChange={edit} />
        <section aria-label={words.previews}>
          <h3 className="mb-1 text-xs font-medium text-fg-2">{words.previews}</h3>
          {!written && <p className="text-xs text-fg-3">{words.writeFirst}</p>}
          {written && previews?.length === 0 && <p className="text-xs text-fg-3">{words.nobodyOpen}</p>}
          {written && (
            <ul className="divide-y divide-line rounded-lg border border-line">
              {previews?.map((one) => <Recipient key={one.issue_id} one={one} checked={going.includes(one.issue_id)} onToggle={() => setLeft(left.includes(one.issue_id) ? left.filter((id) => id !== one.issue_id) : [...left, one.issue_id])} />)}
            </ul>
          )}
        </section>
        {problem && <p role="alert" className="text-xs text-critical">{sentence(problem)}</p>}
        <div className="flex flex-wrap items-end gap-2">
          <SelectField label={words.then} className="mr-auto w-48" value={then} options={THENS.map((value) => ({ value, label: words.thens[value] }))} onChange={(event) => setThen(event.target.value as Then)} />
          <Button large onClick={onClose}>{t.app.cancel}</Button>
          <Button large type="submit" variant="primary" disabled={!ready}>{words.send(going.length)}</Button>
        </div>
      </form>
    </Dialog>
  )
}

function Writing({ body, onChange }: { body: string; onChange: (text: string) => void }) {
  const id = useId()
  const box = useRef<HTMLTextAreaElement>(null)
  const insert = (name: string) => {
    const area = box.current
    if (!area) return
    area.focus()
    area.setRangeText(`{{ ${name} }}`, area.selectionStart, area.selectionEnd, 'end')
    onChange(area.value)
  }
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-fg-2">{words.text}</label>
      <textarea
        id={id} ref={box} dir="auto" rows={7} value={body} maxLength={20_000} onChange={(event) => onChange(event.target.value)}
        className="block w-full resize-y rounded-lg border border-line-strong bg-panel px-3 py-2 text-base focus-visible:outline-2"
      />
      <p className="mt-1.5 flex flex-wrap items-center gap-1.5 text-xs text-fg-3">
        {words.insert}
        {Object.entries(words.placeholders).map(([name, label]) => <Button key={name} onClick={() => insert(name)}>{label}</Button>)}
      </p>
    </div>
  )
}

function Recipient({ one, checked, onToggle }: { one: ReplyPreviewOut; checked: boolean; onToggle: () => void }) {
  const who = one.customer_name ?? words.noName
  return (
    <li className="flex items-start gap-2 px-2 py-1.5">
      <input type="checkbox" aria-label={`${who}: ${one.subject}`} checked={checked} disabled={one.missing.length > 0} onChange={onToggle} className="check relative size-6 shrink-0" />
      <div className="min-w-0 flex-1 pt-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2"><span dir="auto" className="font-medium">{who}</span><span dir="auto" className="truncate text-xs text-fg-3">{one.subject}</span></p>
        {one.missing.length > 0
          ? <p className="text-xs text-medium">{words.missing(one.missing.map((name) => words.placeholders[name] ?? name).join(', '))}</p>
          : <p dir="auto" className="mt-0.5 line-clamp-4 text-xs break-words whitespace-pre-wrap text-fg-2">{one.text}</p>}
      </div>
    </li>
  )
}
