import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Cable, Inbox, Package } from 'lucide-react'
import { useEffect, useState } from 'react'
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
  useAllAnew(sample?.state === 'loaded')
  const offers = sample?.state === 'none' || sample?.state === 'failed'
  useCommands([
    ...(mayConnect ? [{ id: 'first.connect', label: words.connect, group: 'page' as const, run: () => setOpen('connect') }] : []),
    ...(offers ? [{ id: 'first.sample', label: words.load, group: 'page' as const, run: () => setOpen('sample') }] : []),
  ])
  if (sample?.state === 'loading') return <Loading percent={Math.floor((100 * sample.done) / sample.total)} />
  const hint = sample?.state === 'failed' ? words.failed : offers ? words.hint : mayConnect ? words.hintConnect : words.hintAsk
  return (
    <Empty icon={<Inbox size={18} />} title={words.title} hint={hint}>
      <span className="flex flex-wrap justify-center gap-2">
        {mayConnect && <Button variant="primary" onClick={() => setOpen('connect')}><Cable size={13} aria-hidden />{words.connect}</Button>}
        {offers && <Button onClick={() => setOpen('sample')}><Package size={13} aria-hidden />{words.load}</Button>}
      </span>
      {open === 'connect' && <ConnectChannel onClose={() => setOpen(undefined)} />}
      {open === 'sample' && (
        <Confirm title={words.loadTitle} action={words.load} onClose={() => setOpen(undefined)} onConfirm={() => load.mutateAsync()}>
          <p>{words.loadHint}</p>
          <p>{words.loadRemove}</p>
        </Confirm>
      )}
    </Empty>
  )
}

function Loading({ percent }: { percent: number }) {
  return (
    <Empty icon={<Package size={18} />} title={words.loading(percent)}>
      <progress aria-label={words.loading(percent)} max={100} value={percent} className="bar h-1 w-48" />
    </Empty>
  )
}

/** Everything is read anew once the made-up company is there. */
function useAllAnew(loaded: boolean): void {
  const client = useQueryClient()
  useEffect(() => {
    if (loaded) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== sampleQuery.queryKey[0] })
  }, [client, loaded])
}
