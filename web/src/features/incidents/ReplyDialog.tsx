import { useId, useRef, type ReactNode } from 'react'
import { sentence } from '../../api/errors'
import { MOST_REPLIES } from '../../api/queries/incidents'
import type { IncidentOut, ReplyPreviewOut } from '../../api/schema'
import { weekdayTime } from '../../lib/moments'
import { t } from '../../strings'
import { words } from '../../strings/pages/incidents'
import { Button } from '../../ui'
import Dialog from '../../ui/Dialog'
import { SelectField } from '../../ui/Field'
import { THENS, type Then } from './replyDraft'
import { useReply } from './useReply'

type Reply = ReturnType<typeof useReply>

/** One text for the customers of an incident: written once, seen as each of them will read it, then queued for each. */
export default function ReplyDialog({ incident, onClose }: { incident: IncidentOut; onClose: () => void }) {
  const reply = useReply(incident, onClose)
  const { draft, change, problem, unsure } = reply
  const fixed = reply.tried !== undefined
  return (
    <Dialog open onOpenChange={onClose} title={words.replyTitle(incident.title)} hint={words.replyHint} className="!top-[6vh] !max-h-[88vh] !w-[min(45rem,96vw)]">
      <form className="space-y-4 p-4" onSubmit={(event) => { event.preventDefault(); if (reply.ready) reply.submit() }}>
        <Writing body={draft.body} readOnly={fixed} onChange={(body) => change({ body })} />
        <Previews reply={reply} fixed={fixed} />
        {problem && <p role="alert" className="text-xs text-critical">{sentence(problem)}</p>}
        {unsure && <Notice><span className="flex-1">{words.unsure}</span><Button onClick={() => reply.takeWhatWaits(unsure)}>{words.takeBack}</Button></Notice>}
        {fixed && !unsure && <Notice>{words.underWay}</Notice>}
        <div className="flex flex-wrap items-end gap-2">
          <SelectField label={words.then} disabled={fixed} className="mr-auto w-48" value={draft.then} options={THENS.map((value) => ({ value, label: words.thens[value] }))} onChange={(event) => change({ then: event.target.value as Then })} />
          <Button large onClick={onClose}>{t.app.cancel}</Button>
          <Button large type="submit" variant="primary" disabled={!reply.ready}>{unsure ? words.sendAgain : words.send(reply.written ? reply.going.length : 0)}</Button>
        </div>
      </form>
    </Dialog>
  )
}

function Notice({ children }: { children: ReactNode }) {
  return <p role="status" className="flex flex-wrap items-center gap-2 rounded-md bg-medium-soft px-3 py-2 text-xs text-medium">{children}</p>
}

function Previews({ reply: { draft, change, previews, written, open, had, going, isStale }, fixed }: { reply: Reply; fixed: boolean }) {
  const toggled = (ids: readonly string[], id: string) => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id])
  const toggle = ({ issue_id: id, reply }: ReplyPreviewOut) => change(reply ? { also: toggled(draft.also, id) } : { left: toggled(draft.left, id) })
  return (
    <section aria-label={words.previews}>
      <h3 className="mb-1 text-xs font-medium text-fg-2">{words.previews}</h3>
      {!written && <p className="text-xs text-fg-3">{words.writeFirst}</p>}
      {written && previews?.length === 0 && <p className="text-xs text-fg-3">{words.nobodyOpen}</p>}
      {written && had.length > 0 && !fixed && <div className="mb-1"><Notice><span className="flex-1">{words.had(had.length)}</span><Button onClick={() => change({ also: [...new Set([...draft.also, ...had])] })}>{words.everybody}</Button></Notice></div>}
      {open > MOST_REPLIES && <p className="mb-1 text-xs text-medium">{words.firstOf(MOST_REPLIES, open)}</p>}
      {written && (
        <ul aria-busy={isStale} className="divide-y divide-line rounded-lg border border-line">
          {previews?.map((one) => <Recipient key={one.issue_id} one={one} checked={going.includes(one.issue_id)} fixed={fixed} onToggle={() => toggle(one)} />)}
        </ul>
      )}
    </section>
  )
}

function Writing({ body, readOnly, onChange }: { body: string; readOnly: boolean; onChange: (text: string) => void }) {
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
        id={id} ref={box} dir="auto" rows={7} value={body} readOnly={readOnly} maxLength={20_000} onChange={(event) => onChange(event.target.value)}
        className="block w-full resize-y rounded-lg border border-line-strong bg-panel px-3 py-2 text-base focus-visible:outline-2"
      />
      <p className="mt-1.5 flex flex-wrap items-center gap-1.5 text-xs text-fg-3">
        {words.insert}
        {Object.entries(words.placeholders).map(([name, label]) => <Button key={name} disabled={readOnly} onClick={() => insert(name)}>{label}</Button>)}
      </p>
    </div>
  )
}

function Recipient({ one, checked, fixed, onToggle }: { one: ReplyPreviewOut; checked: boolean; fixed: boolean; onToggle: () => void }) {
  const who = one.customer_name ?? words.noName
  return (
    <li className="flex items-start gap-2 px-2 py-1.5">
      <input type="checkbox" aria-label={`${who}: ${one.subject}`} checked={checked} disabled={fixed || one.missing.length > 0} onChange={onToggle} className="check relative size-6 shrink-0" />
      <div className="min-w-0 flex-1 pt-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2"><span dir="auto" className="font-medium">{who}</span><span dir="auto" className="truncate text-xs text-fg-3">{one.subject}</span></p>
        {one.reply && <p className="text-xs text-medium">{(one.reply.state === 'queued' ? words.hasQueued : words.hasSent)(one.reply.by_name ?? words.somebody, weekdayTime(new Date(one.reply.at)))}</p>}
        {one.missing.length > 0
          ? <p className="text-xs text-medium">{words.missing(one.missing.map((name) => words.placeholders[name] ?? name).join(', '))}</p>
          : <p dir="auto" className="mt-0.5 line-clamp-4 text-xs break-words whitespace-pre-wrap text-fg-2">{one.text}</p>}
      </div>
    </li>
  )
}
