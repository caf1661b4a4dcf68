import { useSyncExternalStore } from 'react'
import { sentence, told } from '../../api/errors'
import type { CheckOut, CitationOut, GuidanceOut, GuidanceRequest, Problem } from '../../api/schema'
import { whoAmI } from '../../api/session'
import { postStream } from '../../api/stream'

export type DraftState = {
  status: 'idle' | 'streaming' | 'done' | 'stopped' | 'failed'
  text: string
  citations: readonly CitationOut[]
  checks: readonly CheckOut[]
  suggestionId?: string
  engine?: string
  error?: string
}
const IDLE: DraftState = { status: 'idle', text: '', citations: [], checks: [] }

/** One suggested reply an issue, kept while the page is open: going to another issue and back loses nothing. */
const drafts = new Map<string, DraftState>()
const running = new Map<string, AbortController>()
/** What is done with a draft as soon as it is written, by issue. */
const awaited = new Map<string, () => void>()
const listeners = new Set<() => void>()

function tell(): void {
  for (const listener of listeners) listener()
}

function put(id: string, state: DraftState): void {
  drafts.set(id, state)
  tell()
}

export const draftOf = (id: string): DraftState => drafts.get(id) ?? IDLE

/** Does something once, as soon as the stream under way has ended and left words; not where it fails. */
export function whenWritten(id: string, take: () => void): void {
  awaited.set(id, take)
  tell()
}

export function awaitNoMore(id: string): void {
  if (awaited.delete(id)) tell()
}

/** Stops the stream; the text so far stays. */
export function stopDraft(id: string): void {
  running.get(id)?.abort()
}

/** Asks for a reply and paints it as it comes, at most once a frame. */
export async function startDraft(id: string, wish: GuidanceRequest = {}): Promise<void> {
  stopDraft(id)
  const control = new AbortController()
  running.set(id, control)
  let now: DraftState = { ...IDLE, status: 'streaming' }
  let frame = 0
  const paint = () => {
    frame = 0
    if (running.get(id) === control) put(id, now)
  }
  put(id, now)
  try {
    const me = await whoAmI()
    const body: GuidanceRequest = { ...wish, ...(me?.kind === 'user' && { agent_name: me.name }) }
    for await (const { event, data } of postStream(`/v1/issues/${id}/guidance`, body, control.signal)) {
      now = next(now, event, data)
      frame ||= requestAnimationFrame(paint)
    }
    if (now.status === 'streaming') now = { ...now, status: control.signal.aborted ? 'stopped' : 'failed' }
  } catch (error) {
    now = control.signal.aborted ? { ...now, status: 'stopped' } : { ...now, status: 'failed', error: sentence(error) }
  }
  cancelAnimationFrame(frame)
  if (running.get(id) === control) {
    running.delete(id)
    const take = awaited.get(id)
    awaited.delete(id)
    put(id, now)
    if (now.text && now.status !== 'failed') take?.()
  }
}

function next(state: DraftState, event: string, data: unknown): DraftState {
  switch (event) {
    case 'token': {
      // The offline engine starts over where a model broke off: what was shown before is void.
      const { text, restart } = data as { text: string; restart?: boolean }
      return { ...state, text: restart ? text : state.text + text }
    }
    case 'citation':
      return { ...state, citations: [...state.citations, data as CitationOut] }
    case 'check':
      return { ...state, checks: [...state.checks, data as CheckOut] }
    case 'done': {
      const { text, citations, checks, engine, suggestion_id } = data as GuidanceOut
      return { status: 'done', text, citations, checks, engine, suggestionId: suggestion_id }
    }
    case 'error':
      return { ...state, status: 'failed', error: told(data as Problem) }
    default:
      return state
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useDraftStream = (id: string): DraftState => useSyncExternalStore(subscribe, () => draftOf(id))

/** Whether something waits for the draft. */
export const useIsAwaited = (id: string): boolean => useSyncExternalStore(subscribe, () => awaited.has(id))
