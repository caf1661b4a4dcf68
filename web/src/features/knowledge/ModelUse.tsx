import type { ArticleOut, ProposalOut } from '../../api/schema'
import { words } from '../../strings/pages/knowledge'
import { Switch } from '../../ui/Field'

type Props = {
  of: Pick<ArticleOut | ProposalOut, 'language_model_allowed'>
  /** Whether this person decides. */
  may: boolean
  /** What they decided that is not stored yet. */
  allowed: boolean
  onChange: (allowed: boolean) => void
}

/** Says that a text stems from somebody who does not want models to read it, and lets who has read it decide otherwise. */
export function ModelUse({ of, may, allowed, onChange }: Props) {
  if (of.language_model_allowed) return null
  return (
    <section aria-label={words.withheld} className="rounded-xl border border-line bg-medium-soft px-4 py-3">
      <h3 className="font-semibold text-medium">{words.withheld}</h3>
      <p className="text-xs text-fg-2">{words.withheldHint}</p>
      {may && <div className="mt-2"><Switch label={words.letModels} hint={words.letModelsHint} checked={allowed} onChange={onChange} /></div>}
    </section>
  )
}
