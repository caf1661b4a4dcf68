import { useQuery } from '@tanstack/react-query'
import { ChevronRight, Lock, Send } from 'lucide-react'
import { dataSharingQuery, promptsQuery } from '../../api/queries/sharing'
import type { DataSharingOut, EmbeddingShareOut, ProviderShareOut, PromptOut } from '../../api/schema'
import { ErrorView } from '../../app/ErrorPage'
import { words } from '../../strings/pages/sharing'
import { words as models } from '../../strings/pages/models'
import { Badge, Skeleton } from '../../ui'
import { Section } from '../../ui/Page'
import { Table, type Column } from '../../ui/Table'

const listed = (items: readonly string[], of: Record<string, string>) => items.map((item) => of[item] ?? item).join(', ')

/** What language models are told, word for word, and which texts reach whom, masked how. */
export function PromptsPart() {
  const sharing = useQuery(dataSharingQuery)
  const prompts = useQuery(promptsQuery)
  const error = sharing.error ?? prompts.error
  if (error) return <ErrorView error={error} onRetry={() => void Promise.all([sharing.refetch(), prompts.refetch()])} />
  if (!sharing.data || !prompts.data) return <Skeleton className="p-0" />
  return (
    <div className="max-w-[67.5rem]">
      <Leaves sharing={sharing.data} />
      <Section title={words.sharing} hint={words.sharingHint}><Receivers sharing={sharing.data} /></Section>
      {sharing.data.leaves && <Section title={words.masked} hint={words.maskedHint}><Masked sharing={sharing.data} /></Section>}
      <Section title={words.kept} hint={words.keptHint}><Kept sharing={sharing.data} /></Section>
      <Section title={words.prompts} hint={words.promptsHint}>
        <Ground rules={prompts.data[0]?.ground_rules ?? ''} />
        <ul aria-label={words.prompts} className="divide-y divide-line border-y border-line">{prompts.data.map((prompt) => <li key={prompt.name}><Prompt prompt={prompt} /></li>)}</ul>
      </Section>
    </div>
  )
}

/** The one sentence that whoever is asked "does our data leave the house?" looks for. */
function Leaves({ sharing: { leaves, paused, providers, embeddings } }: { sharing: DataSharingOut }) {
  const Icon = leaves ? Send : Lock
  const away = embeddings.flatMap(({ where }) => (where ? [where] : []))
  const here = [...providers.map(({ where }) => where), ...away].every((where) => where.on_this_machine)
  const searched = away.map(({ host, region }) => host ?? region).filter(Boolean).join(', ')
  return (
    <p role="status" className={`mb-6 flex items-start gap-3 rounded-lg px-4 py-3 text-sm ${leaves ? 'bg-medium-soft text-medium' : 'bg-ok-soft text-ok'}`}>
      <Icon size={16} aria-hidden className="mt-0.5 shrink-0" />
      <span className="min-w-0">
        <strong className="font-semibold">{leaves ? words.leaves : words.stays}</strong>{' '}
        {leaves ? (here ? words.leavesHere : words.leavesHint) : words.staysHint}
        {searched && <> {words.searchedBy(searched)}</>}
        {paused && <> {words.paused}{away.length > 0 && ` ${words.pausedSearch}`}</>}
      </span>
    </p>
  )
}

function Receivers({ sharing: { providers, embeddings, offline_tasks } }: { sharing: DataSharingOut }) {
  const columns: Column<ProviderShareOut>[] = [
    { id: 'provider', title: models.provider, cell: (one) => <span className="grid py-1"><span className="font-medium break-all">{one.name}</span><span className="text-xs break-all text-fg-3">{one.model}</span><span className="text-xs text-fg-3 md:hidden"><Where of={one} /></span></span> },
    { id: 'where', title: words.where, from: 'md', cell: (one) => <Where of={one} /> },
    { id: 'gets', title: words.gets, cell: (one) => <span className="grid gap-0.5 py-1 text-sm"><span>{listed(one.carries, words.materials)}</span><span className="text-xs text-fg-3">{words.forTasks(listed(one.tasks, models.tasks))}</span></span> },
  ]
  return (
    <div className="space-y-4">
      {providers.length > 0 && <Table label={words.sharing} columns={columns} rows={providers} keyOf={(one) => one.name} />}
      <dl className="grid gap-x-6 gap-y-2 text-sm md:grid-cols-[max-content_minmax(0,1fr)]">
        {embeddings.map((one) => <Embedding key={one.model} of={one} />)}
        {offline_tasks.length > 0 && <><dt className="text-fg-3">{models.offline}</dt><dd>{words.offlineDoes(listed(offline_tasks, models.tasks))}</dd></>}
      </dl>
    </div>
  )
}

function Embedding({ of }: { of: EmbeddingShareOut }) {
  return (
    <>
      <dt className="text-fg-3">{words.embeddings}</dt>
      <dd className="min-w-0">
        {of.model !== 'none' && <span className="break-all">{of.model}: </span>}
        {of.where ? <>{words.embeddingsLeave(of.max_chars ?? 0)} <Where of={{ kind: of.kind ?? '', where: of.where }} /></> : of.model === 'none' ? words.noEmbeddings : words.embeddingsStay}
      </dd>
    </>
  )
}

function Where({ of: { kind, where } }: { of: Pick<ProviderShareOut, 'kind' | 'where'> }) {
  if (where.on_this_machine) return <Badge tone="ok">{words.thisMachine}</Badge>
  return <span className="break-all">{[words.kinds[kind] ?? kind, where.host, where.region].filter(Boolean).join(' · ')}</span>
}

function Masked({ sharing: { masked, customers_opted_out } }: { sharing: DataSharingOut }) {
  return (
    <div className="space-y-2 text-sm">
      <ul className="flex flex-wrap gap-1.5">{masked.map((type) => <li key={type}><Badge>{words.types[type] ?? type}</Badge></li>)}</ul>
      <p className="max-w-[68ch] text-fg-2">{words.maskedMore}</p>
      <p className="text-fg-2">{words.optedOut(customers_opted_out)}</p>
    </div>
  )
}

function Kept({ sharing: { leaves, calls_kept_days } }: { sharing: DataSharingOut }) {
  return (
    <div className="max-w-[68ch] space-y-2 text-sm text-fg-2">
      <p>{calls_kept_days === null ? words.keptForGood : words.keptDays(calls_kept_days)}</p>
      {leaves && <p>{words.keptThere}</p>}
    </div>
  )
}

function Ground({ rules }: { rules: string }) {
  return (
    <details className="group mb-3 text-sm">
      <Summary>{words.ground}</Summary>
      <Words text={rules} />
    </details>
  )
}

function Prompt({ prompt: { name, version, carries, chain, model, rules } }: { prompt: PromptOut }) {
  return (
    <details className="group py-1">
      <Summary>
        <span className="font-medium">{models.tasks[name] ?? name}</span>
        <Badge><span className="sr-only">{words.version} </span>{name}/{version}</Badge>
        <span className="basis-full pl-5 text-sm text-fg-2">{words.purposes[name]}</span>
      </Summary>
      <dl className="mt-1 mb-2 grid gap-x-6 gap-y-1 pl-5 text-sm md:grid-cols-[max-content_minmax(0,1fr)]">
        <dt className="text-fg-3">{words.goesTo}</dt><dd className="break-all">{model ? [...chain, models.offline].join(' → ') : words.nobody}</dd>
        <dt className="text-fg-3">{words.with}</dt><dd>{listed(carries, words.materials)}</dd>
      </dl>
      <Words text={rules} />
    </details>
  )
}

function Summary({ children }: { children: React.ReactNode }) {
  return (
    <summary className="flex min-h-8 cursor-default list-none flex-wrap items-center gap-x-2 gap-y-0.5 rounded-md px-1 hover:bg-hover pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
      <ChevronRight size={12} aria-hidden className="shrink-0 text-fg-3 group-open:rotate-90" />
      {children}
    </summary>
  )
}

/** As it is sent; long lines wrap, so that nothing scrolls sideways. */
const Words = ({ text }: { text: string }) => <pre lang="en" className="mt-1 mb-2 rounded-md border border-line bg-canvas px-3 py-2 text-xs break-words whitespace-pre-wrap">{text}</pre>
