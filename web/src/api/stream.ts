import { call } from './client'
import { OfflineError, errorOf } from './errors'

export type StreamEvent = { event: string; data: unknown }

/** Splits text/event-stream into events; fed with pieces of any size. Comments and unknown fields are skipped. */
export function eventParser(): (piece: string) => StreamEvent[] {
  let rest = ''
  return (piece) => {
    // A carriage return at the end waits for what follows: with a line feed it is one line end, not two.
    rest = (rest + piece).replace(/\r\n|\r(?!$)/g, '\n')
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    return blocks.flatMap((block) => {
      let event = 'message'
      const data: string[] = []
      for (const line of block.split('\n')) {
        if (line.startsWith('event:')) event = line.slice(6).trim()
        else if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5))
      }
      return data.length ? [{ event, data: JSON.parse(data.join('\n')) as unknown }] : []
    })
  }
}

/**
 * Posts `body` and yields the events of the answer. EventSource cannot do this: it only asks, and without a session's
 * headers. Ends quietly when `signal` aborts.
 */
export async function* postStream(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<StreamEvent> {
  const headers = { Accept: 'text/event-stream', 'Content-Type': 'application/json' }
  const request = new Request(new URL(path, location.origin), {
    method: 'POST', headers, body: JSON.stringify(body), credentials: 'same-origin', signal,
  })
  const response = await call(request)
  if (!response.ok || !response.body) throw errorOf(response.status, await response.json().catch(() => ({})))
  const parse = eventParser()
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      yield* parse(value)
    }
  } catch (error) {
    if (signal.aborted) return
    throw error instanceof TypeError ? new OfflineError() : error
  } finally {
    reader.cancel().catch(() => undefined)
  }
}
