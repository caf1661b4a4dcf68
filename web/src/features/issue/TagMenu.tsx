import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Check, Tag } from 'lucide-react'
import type { ReactElement } from 'react'
import { issueKeys, type Issue, type IssueList } from '../../api/queries/issues'
import { useMay } from '../../api/queries/me'
import { templatesQuery } from '../../api/queries/templates'
import { thread } from '../../strings/pages/thread'
import { Popover } from '../../ui/lazy'
import { useIssueActions } from '../inbox/actions'
import { Finder, type Option } from './Finder'

/** Longest tag that the server takes. */
const LONGEST = 80
type Props = { issues: readonly Issue[]; trigger: ReactElement; open: boolean; onOpenChange: (open: boolean) => void }

/** Puts tags on issues and takes them off; a tag that only some of them have goes to all. */
export function TagMenu({ issues, ...rest }: Props) {
  return <Popover title={thread.tags} quiet className="w-[min(17.5rem,92vw)]" {...rest}><Tags issues={issues} /></Popover>
}

function Tags({ issues }: { issues: readonly Issue[] }) {
  const act = useIssueActions()
  const known = useKnownTags(issues)
  const has = (tag: string) => issues.length > 0 && issues.every((issue) => issue.tags.includes(tag))
  const option = (tag: string): Option => ({ id: tag, title: tag, detail: null, words: '', icon: has(tag) ? <Check size={13} aria-hidden /> : <Tag size={13} aria-hidden className="text-fg-3" />, chosen: has(tag) })
  const made = (words: string): Option | undefined => {
    const tag = words.trim().slice(0, LONGEST)
    return tag && !known.includes(tag) ? { ...option(tag), title: thread.tagNew(tag) } : undefined
  }
  return <Finder id="tag" label={thread.tags} hint={thread.tagSearch} none={thread.tagNone} options={known.map(option)} made={made} onChoose={(tag) => void act.tag(issues.map(({ id }) => id), tag, !has(tag))} />
}

/** Those of the issues first, then what other issues and macros use, by their letters. */
function useKnownTags(issues: readonly Issue[]): string[] {
  const client = useQueryClient()
  const reads = useMay('templates.read')
  const { data: templates } = useQuery({ ...templatesQuery, enabled: reads })
  const listed = client.getQueriesData<IssueList>({ queryKey: issueKeys.lists }).flatMap(([, list]) => list?.pages.flatMap((page) => page.data) ?? [])
  const others = [...listed.flatMap((issue) => issue.tags), ...(templates ?? []).flatMap((template) => template.add_tags)]
  return [...new Set([...issues.flatMap((issue) => issue.tags).sort(), ...others.sort()])]
}
