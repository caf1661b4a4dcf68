import { useState } from 'react'
import { atRest } from '../../api/atRest'
import { patiently } from '../../lib/lazyPart'
import { snoozeMoments, weekdayTime } from '../../lib/moments'
import { thread } from '../../strings/pages/thread'
import { Finder, type Option } from './Finder'

let reads: ((words: string, now: Date) => Date | undefined) | undefined
// Here before anybody types.
void atRest.then(() => patiently(() => import('../../lib/momentWords'))).then((part) => { reads = part.momentOf })

/** Moments to come back at: the usual ones, one that is typed in words, or another one that is picked. */
export function Moments({ onPick, onOther }: { onPick: (at: Date) => void; onOther: () => void }) {
  const [now] = useState(() => new Date())
  const usual = snoozeMoments(now)
  const option = (id: string, title: string, at: Date): Option => ({ id, title, detail: weekdayTime(at), words: '' })
  const options = [...usual.map(({ id, at }) => option(id, thread.snoozeOptions[id], at)), { id: 'pick', title: thread.snoozePick, detail: null, words: '' }]
  const made = (words: string): Option | undefined => {
    const at = reads?.(words, now)
    return at && option(at.toISOString(), words.trim(), at)
  }
  const choose = (id: string) => {
    if (id === 'pick') onOther()
    else onPick(usual.find((one) => one.id === id)?.at ?? new Date(id))
  }
  return <Finder id="snooze" label={thread.snooze} hint={thread.snoozeHint} none={thread.snoozeNone} options={options} made={made} onChoose={choose} />
}
