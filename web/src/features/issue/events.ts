import type { Message } from '../../api/queries/issues'
import { thread } from '../../strings/pages/thread'

type Kind = 'merged' | 'out'
type Merge = { kind: Kind; one: string; into: string }
/** A message, or what happened to one duplicate, or between teams, with nothing said between: one line, however often it went in and out. */
export type Line = { messages: readonly [Message, ...Message[]]; isEvent: boolean; isNew: boolean }

/** What the product itself says of teams, as it is said here; undefined for anything else. */
function teamWords({ author, body }: Message): string | undefined {
  if (author !== 'system') return undefined
  const [, to] = /^Moved to team (.+)\.$/.exec(body) ?? []
  if (to) return thread.movedTo(to)
  const [, from] = /^Taken out of team (.+)\.$/.exec(body) ?? []
  return from && thread.leftTeam(from)
}

/** What the product itself says of merges; undefined for anything else. */
function mergeOf({ author, body }: Message): Merge | undefined {
  if (author !== 'system') return undefined
  const [, merged, into] = /^(\S+) was merged into (\S+)\.$/.exec(body) ?? []
  if (merged && into) return { kind: 'merged', one: merged, into }
  const [, out, of] = /^(\S+) was taken out of (\S+) again\.$/.exec(body) ?? []
  return out && of ? { kind: 'out', one: out, into: of } : undefined
}

/**
 * What of a conversation is drawn, in lines. What is said of a merge in both issues, at one moment, is said once.
 *
 * Args: `from`: the first message that is shown; `newFrom`: the first that was not seen before, if some were.
 */
export function linesOf(messages: readonly Message[], from: number, newFrom: number | undefined): Line[] {
  const lines: Line[] = []
  const told = new Set<string>()
  let run = new Map<string, Line>()
  let isNew = false
  messages.forEach((message, at) => {
    const merge = mergeOf(message)
    const once = `${message.created_at} ${message.body}`
    if (at === newFrom && at >= from) isNew = true
    const moved = !merge && teamWords(message) !== undefined
    if ((!merge && !moved) || isNew || at === from) run = new Map()
    if (at < from || (merge && told.has(once))) return
    told.add(once)
    const about = merge ? `${merge.one} ${merge.into}` : moved && 'team'
    const before = about && run.get(about)
    if (before) {
      before.messages = [...before.messages, message]
      return
    }
    const line: Line = { messages: [message], isEvent: moved || merge !== undefined, isNew }
    if (about) run.set(about, line)
    lines.push(line)
    isNew = false
  })
  return lines
}

/** Merges of one duplicate, or moves between teams, in the language of the page. */
export function eventWords(messages: Line['messages']): string {
  const merges = messages.flatMap((message) => mergeOf(message) ?? [])
  const [first, last] = [merges[0], merges.at(-1)]
  if (!first || !last) return teamWords(messages.at(-1) ?? messages[0]) ?? messages[0].body
  const said: Record<Kind, Record<Kind | 'only', (one: string, into: string) => string>> = {
    merged: { only: thread.wasMerged, merged: thread.mergedAnew, out: thread.mergedAndOut },
    out: { only: thread.wasTakenOut, merged: thread.outAndMerged, out: thread.outAnew },
  }
  return said[first.kind][merges.length > 1 ? last.kind : 'only'](first.one, first.into)
}
