import { useState } from 'react'
import { fieldMoment, isAhead, snoozeMoments } from '../../lib/moments'
import { Button } from '../../ui'

/** A moment picked by its date and time, tomorrow's at first. */
export default function MomentForm({ label, action, onPick }: { label: string; action: string; onPick: (at: Date) => void }) {
  const [text, setText] = useState(() => fieldMoment(snoozeMoments(new Date()).find(({ id }) => id === 'tomorrow')?.at ?? new Date()))
  const at = new Date(text)
  const ahead = !Number.isNaN(at.getTime()) && isAhead(at.toISOString())
  return (
    <form className="flex flex-wrap justify-end gap-2" onSubmit={(event) => { event.preventDefault(); if (ahead) onPick(at) }}>
      <input
        type="datetime-local" required aria-label={label} value={text} min={fieldMoment(new Date())} onChange={(event) => setText(event.target.value)}
        className="h-8 min-w-0 basis-full rounded-md border border-line-strong bg-panel px-2 text-sm pointer-coarse:h-11"
      />
      <Button type="submit" variant="primary" large disabled={!ahead}>{action}</Button>
    </form>
  )
}
