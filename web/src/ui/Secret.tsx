import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { t } from '../strings'
import { Button } from '.'

/** Text that is shown once: selected as a whole by a click, copied by the button beside it. */
export function Secret({ label, value, lines }: { label: string; value: string; lines?: boolean }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
  }
  return (
    <div className="flex items-start gap-2">
      <code aria-label={label} role="note" className={`min-w-0 flex-1 rounded-md border border-line bg-canvas px-2.5 py-1.5 font-mono text-xs select-all ${lines ? 'columns-2 whitespace-pre-line' : 'break-all'}`}>{value}</code>
      <Button onClick={() => void copy().catch(() => undefined)}>
        {copied ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
        <span aria-live="polite">{copied ? t.app.copied : t.app.copy}</span>
      </Button>
    </div>
  )
}
