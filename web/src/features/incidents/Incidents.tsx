import { useQuery } from '@tanstack/react-query'
import { Siren, X } from 'lucide-react'
import { Suspense, useState } from 'react'
import { isForbidden, sentence } from '../../api/errors'
import { clustersQuery, incidentsQuery } from '../../api/queries/incidents'
import { useMay } from '../../api/queries/me'
import type { ClusterOut, IncidentOut } from '../../api/schema'
import { lazyPart } from '../../lib/lazyPart'
import { duration } from '../../lib/moments'
import { locale, t } from '../../strings'
import { words } from '../../strings/pages/incidents'
import { Banner, Button, IconButton } from '../../ui'
import { OpenIncident } from './OpenIncident'

const LinkDialog = lazyPart(() => import('./LinkDialog'))
const ReplyDialog = lazyPart(() => import('./ReplyDialog'))
const HOUR_MS = 3_600_000
const MOST_WORDS = 3

const nameOf = (cluster: ClusterOut): string => cluster.issues.map((issue) => issue.id).join()

/** What looks like one incident, and the incidents that are open. Nothing is drawn while there is neither. */
export default function Incidents() {
  const { data: clusters = [], error, isLoadingError, refetch } = useQuery(clustersQuery)
  const { data: incidents = [] } = useQuery(incidentsQuery)
  const may = useMay('issues.edit')
  const [hidden, setHidden] = useState<readonly string[]>([])
  const [linking, setLinking] = useState<ClusterOut>()
  const [replying, setReplying] = useState<IncidentOut>()
  const shown = clusters.filter((cluster) => !hidden.includes(nameOf(cluster)))
  const broken = isLoadingError && !isForbidden(error)
  if (!broken && !shown.length && !incidents.length && !linking && !replying) return null
  return (
    <section aria-label={words.region} className="max-h-[38vh] shrink-0 space-y-2 overflow-y-auto px-3 pt-3 max-md:max-h-none md:px-4 md:pt-4">
      {broken && (
        <div className="overflow-hidden rounded-xl">
          <Banner tone="error"><span className="flex-1">{words.notFound} {sentence(error)}</span><Button onClick={() => void refetch()}>{t.app.retry}</Button></Banner>
        </div>
      )}
      {shown.map((cluster) => (
        <Found
          key={nameOf(cluster)} cluster={cluster} may={may} incident={incidents.find((one) => one.id === cluster.incident_id)}
          onLink={() => setLinking(cluster)} onHide={() => setHidden([...hidden, nameOf(cluster)])}
        />
      ))}
      {incidents.map((incident) => <OpenIncident key={incident.id} incident={incident} may={may} onReply={() => setReplying(incident)} />)}
      <Suspense>
        {linking && <LinkDialog cluster={linking} onClose={() => setLinking(undefined)} />}
        {replying && <ReplyDialog incident={incidents.find((one) => one.id === replying.id) ?? replying} onClose={() => setReplying(undefined)} />}
      </Suspense>
    </section>
  )
}

/** What the issues of a cluster have in common, in words. */
function reasonsOf({ customers, first_at, last_at, kinds, codes, words: said, likeness }: ClusterOut): string[] {
  const named = said.filter((word) => !codes.includes(word.toUpperCase())).slice(0, MOST_WORDS)
  const hours = Math.max((Date.parse(last_at) - Date.parse(first_at)) / HOUR_MS, 1 / 60)
  return [
    words.customers(customers),
    words.within(duration(hours)),
    ...kinds.map((kind) => words.kinds[kind] ?? kind),
    ...(codes.length ? [words.codes(codes.join(', '))] : []),
    ...(named.length ? [words.words(named.map(words.quoted).join(', '))] : []),
    ...(likeness === null ? [] : [words.alike(new Intl.NumberFormat(locale, { style: 'percent' }).format(likeness))]),
  ]
}

function Found({ cluster, incident, may, onLink, onHide }: { cluster: ClusterOut; incident: IncidentOut | undefined; may: boolean; onLink: () => void; onHide: () => void }) {
  const fresh = cluster.issues.filter((issue) => !issue.incident_id)
  return (
    <article className="flex flex-wrap items-start gap-x-3 gap-y-2 rounded-xl border border-line bg-accent-soft py-2.5 pr-2 pl-3">
      <Siren size={16} aria-hidden className="mt-0.5 shrink-0 text-accent-text" />
      <div className="min-w-0 flex-1 basis-72">
        <h2 className="font-semibold">{cluster.incident_id ? words.more(fresh.length, incident?.title ?? words.chip) : words.found(cluster.issues.length)}</h2>
        <p className="text-xs text-fg-2"><span className="sr-only">{words.why}: </span>{reasonsOf(cluster).join(' · ')}</p>
      </div>
      <span className="flex items-center gap-1 max-md:ml-7">
        {may && <Button variant="primary" onClick={onLink}>{cluster.incident_id ? words.linkMore : words.link}</Button>}
        <IconButton label={words.hide} onClick={onHide}><X size={15} aria-hidden /></IconButton>
      </span>
    </article>
  )
}
