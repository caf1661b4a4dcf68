import { useState } from 'react'
import { sentence } from '../../api/errors'
import { useMay } from '../../api/queries/me'
import { useCorrect, type CopilotPart } from '../../api/queries/copilot'
import { toast } from '../../app/toasts'
import { t } from '../../strings/work'
import { Button } from '../../ui'
import { SelectField, TextField } from '../../ui/Field'
import { Popover } from '../../ui/lazy'

type Props = {
  issueId: string
  part: CopilotPart
  title: string
  value: string
  options?: readonly { value: string; label: string }[]
  /** What is sent for what was chosen or typed. */
  read?: (value: string) => unknown
  type?: 'text' | 'number'
  /** How the value is asked for. */
  label?: string
  /** Besides the options: what a value that is not among them is called. */
  another?: { option: string; label: string }
}

/** "Not right?": the person's word goes before the model's, at once and in later training. */
export function Correction(props: Props) {
  return useMay('analysis.correct') ? <Form {...props} /> : null
}

function Form({ issueId, part, title, value, options, read = (given) => given, type = 'text', label = t.copilot.correctValue, another }: Props) {
  const [open, setOpen] = useState(false)
  const [given, setGiven] = useState(value)
  const [note, setNote] = useState('')
  const correct = useCorrect(issueId)
  const save = () => {
    if (!given.trim()) return
    correct.mutate({ part, value: read(given) as never, ...(note.trim() && { note }) }, {
      onSuccess: () => {
        setOpen(false)
        setNote('')
        toast({ title: t.copilot.corrected })
      },
    })
  }
  const onOpenChange = (next: boolean) => {
    setOpen(next)
    setGiven(value)
    correct.reset()
  }
  const trigger = (
    <button type="button" className="min-h-6 shrink-0 rounded-sm text-xs whitespace-nowrap text-fg-3 underline decoration-line-strong underline-offset-2 hover:text-fg">
      {t.copilot.notRight}<span className="sr-only"> {title}</span>
    </button>
  )
  return (
    <Popover title={t.copilot.correctTitle(title)} align="end" open={open} onOpenChange={onOpenChange} trigger={trigger}>
      <form className="space-y-3" onSubmit={(event) => { event.preventDefault(); save() }}>
        {options
          ? <Choice label={label} options={options} another={another} value={given} onChange={setGiven} />
          : <TextField label={label} type={type} step="any" min={0} required value={given} maxLength={80} onChange={(event) => setGiven(event.target.value)} />}
        <TextField label={t.copilot.correctNote} value={note} maxLength={2000} onChange={(event) => setNote(event.target.value)} />
        {correct.error && <p role="alert" className="text-xs text-critical">{sentence(correct.error)}</p>}
        <div className="flex justify-end"><Button type="submit" variant="primary" disabled={correct.isPending}>{t.copilot.correctSave}</Button></div>
      </form>
    </Popover>
  )
}

const ANOTHER = '\u0000another'

type ChoiceProps = { label: string; options: NonNullable<Props['options']>; another: Props['another']; value: string; onChange: (value: string) => void }

/** One of the options, or where another may be named a word that is none of them yet. */
function Choice({ label, options, another, value, onChange }: ChoiceProps) {
  const [named, setNamed] = useState(false)
  const choose = (chosen: string) => {
    setNamed(chosen === ANOTHER)
    onChange(chosen === ANOTHER ? '' : chosen)
  }
  // A word that was there before by its name is that one, however it is spelt in capitals.
  const name = (typed: string) => onChange(options.find((one) => one.label.toLowerCase() === typed.trim().toLowerCase())?.value ?? typed)
  const shown = another ? [...options, { value: ANOTHER, label: another.option }] : options
  return (
    <>
      <SelectField label={label} options={shown} value={named ? ANOTHER : value} onChange={(event) => choose(event.target.value)} />
      {named && another && <TextField label={another.label} required maxLength={80} onChange={(event) => name(event.target.value)} />}
    </>
  )
}
