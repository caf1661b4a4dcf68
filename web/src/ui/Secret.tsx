import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { t } from '../strings'
import { Button } from '.'

const LONG_CHARS = 300
/** Where a long one goes on in the next line: a token anywhere, a command between its words. */
const BREAKS = { token: 'break-all', command: 'wrap-anywhere', lines: 'whitespace-pre sm:columns-2' } as const

/** Text that is shown once: selected as a whole by a click, copied by the button beside it. */
export function Secret({ label, value, kind = 'token' }: { label: string; value: string; kind?: keyof typeof BREAKS }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
  }
  const long = value.length > LONG_CHARS
  return (
    <div className="flex items-start gap-2">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keys */}
      <code aria-label={label} role="note" tabIndex={long ? 0 : undefined} className={`${long ? 'max-h-40 overflow-y-auto ' : ''}min-w-0 flex-1 rounded-md border border-line bg-canvas px-2.5 py-[5px] font-mono pointer-coarse:py-3 text-xs select-all ${BREAKS[kind]}`}>{value}</code>
      <Button onClick={() => void copy().catch(() => undefined)}>
        {copied ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
        <span aria-live="polite">{copied ? t.app.copied : t.app.copy}</span>
      </Button>
    </div>
  )
}
