import { useQuery } from '@tanstack/react-query'
import { Cable, Inbox, Package } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../api/queries/me'
import { sampleQuery, useLoadSample } from '../../api/queries/sampleData'
import { useCommands } from '../../app/commands'
import { words } from '../../strings/pages/firstRun'
import { Button, Empty } from '../../ui'
import { Confirm } from '../../ui/Confirm'
import ConnectChannel from './ConnectChannel'

/** In the place of the list while the installation has no issues: how the first ones come. */
export function FirstRun() {
  const [maySample, mayConnect] = [useMay('sample.load'), useMay('keys.manage')]
  const [open, setOpen] = useState<'connect' | 'sample'>()
  const { data: sample } = useQuery({ ...sampleQuery, enabled: maySample })
  const load = useLoadSample()
  const offers = sample?.state === 'none' || sample?.state === 'failed'
  useCommands([
    ...(mayConnect ? [{ id: 'first.connect', label: words.connect, group: 'page' as const, run: () => setOpen('connect') }] : []),
    ...(offers ? [{ id: 'first.sample', label: words.load, group: 'page' as const, run: () => setOpen('sample') }] : []),
  ])
  if (sample?.state === 'loading') return <Loading percent={Math.floor((100 * sample.done) / sample.total)} />
  const hint = sample?.state === 'failed' ? words.failed : offers ? words.hint : mayConnect ? words.hintConnect : words.hintAsk
  return (
    <Empty icon={<Inbox size={18} />} title={words.title} hint={hint}>
        {mayConnect && <Button variant="primary" onClick={() => setOpen('connect')}><Cable size={13} aria-hidden />{words.connect}</Button>}
        {offers && <Button onClick={() => setOpen('sample')}><Package size={13} aria-hidden />{words.load}</Button>}
      {open === 'connect' && <ConnectChannel onClose={() => setOpen(undefined)} />}
      {open === 'sample' && (
        <Confirm title={words.loadTitle} action={words.load} onClose={() => setOpen(undefined)} onConfirm={() => load.mutateAsync()}>
          <p>{words.loadHint}</p>
          <p>{words.loadRemove}</p>
          <code className="block rounded-md border border-line bg-canvas px-2.5 py-1.5 font-mono text-xs wrap-anywhere">{`support-copilot serve --data-dir ${words.otherFolder}`}</code>
        </Confirm>
      )}
    </Empty>
  )
}

function Loading({ percent }: { percent: number }) {
  return (
    <Empty icon={<Package size={18} />} title={words.loading(percent)}>
      <progress aria-label={words.loading(percent)} max={100} value={percent} className="h-1 w-48" />
    </Empty>
  )
}
