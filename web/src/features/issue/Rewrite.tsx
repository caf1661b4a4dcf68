import { LoaderCircle, WandSparkles } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import { noRewriteQuery, useRewrite } from '../../api/queries/assist'
import type { Issue } from '../../api/queries/issues'
import type { RewriteRequest } from '../../api/schema'
import { useCommands, type Command } from '../../app/commands'
import { failed, toast } from '../../app/toasts'
import { said } from '../../lib/reasons'
import { language } from '../../strings'
import { words } from '../../strings/pages/assist'
import { IconButton } from '../../ui'
import { Menu } from '../../ui/lazy'
import { changeDraft, getDraft } from './useDraftText'

type Wish = Omit<RewriteRequest, 'text'>
type Choice = { id: string; label: string; wish: Wish }

const names = new Intl.DisplayNames([language], { type: 'language' })
const MANNERS = ['shorter', 'warmer', 'formal', 'simpler'] as const

/** Manners, then the language of the customer, of the agent, and English. */
function choicesFor(spoken: string | null): Choice[] {
  const languages = [...new Set([spoken?.split('-')[0] ?? 'en', language, 'en'])]
  return [
    ...MANNERS.map((manner) => ({ id: `rewrite.${manner}`, label: words.manner[manner], wish: { manner } })),
    ...languages.map((code) => ({ id: `rewrite.${code}`, label: words.translate(names.of(code) ?? code), wish: { manner: 'translate' as const, language: code } })),
  ]
}

/** Puts the words from before in the place of the new ones, unless somebody has gone on writing. */
function takeBack(issueId: string, text: string, before: string): void {
  if (getDraft(issueId).reply === text) changeDraft(issueId, { reply: before })
  else toast({ title: words.asItWas, description: words.wentOn })
}

/** Says the reply in other words, in its place; one step takes it back. */
export default function Rewrite({ issue, empty }: { issue: Issue; empty: boolean }) {
  const { mutate, isPending } = useRewrite(issue.id)
  // Nothing is offered that cannot work; while nobody knows, the answer to the wish tells.
  const { data: refused = null } = useQuery({ ...noRewriteQuery(issue.id), enabled: !empty })
  const idle = !empty && !isPending && refused === null
  const choices = choicesFor(issue.language)
  const run = (wish: Wish) => {
    const before = getDraft(issue.id).reply
    mutate({ text: before, ...wish }, {
      onError: failed,
      onSuccess: ({ text, changed, checks }) => {
        const description = checks.filter((check) => check.verdict === 'flagged').map((check) => said(check.detail, check.detail_code)).join(' ')
        if (!changed) toast({ title: words.asItWas, description })
        else if (getDraft(issue.id).reply !== before) toast({ title: words.asItWas, description: words.wentOn })
        else {
          changeDraft(issue.id, { reply: text })
          toast({ title: words.rewritten, description, undo: () => takeBack(issue.id, text, before) })
        }
      },
    })
  }
  useCommands(idle ? choices.map(({ id, label, wish }): Command => ({ id, label: `${words.rewrite}: ${label}`, group: 'compose', run: () => run(wish) })) : [])
  const items = choices.map(({ id, label, wish }) => ({ id, label, run: () => run(wish) }))
  const icon = isPending ? <LoaderCircle size={15} className="motion-safe:animate-spin" aria-hidden /> : <WandSparkles size={15} aria-hidden />
  if (refused !== null && !empty) {
    const why = words.noRewrite[refused] ?? words.noRewrite.other ?? ''
    return <IconButton label={`${words.rewrite}: ${why}`} aria-disabled onClick={() => toast({ title: why })} className="opacity-50">{icon}</IconButton>
  }
  return (
    <>
      <span role="status" className="sr-only">{isPending && words.rewriting}</span>
      <Menu
        label={words.rewrite} trigger={<IconButton label={words.rewrite} disabled={!idle} aria-busy={isPending}>{icon}</IconButton>}
        items={[...items.slice(0, MANNERS.length), 'line', ...items.slice(MANNERS.length)]}
      />
    </>
  )
}
