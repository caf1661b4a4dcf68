import { locks } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { changeReply, getReply, hasUnsentReply, isStill, type ReplyDraft, type Tried } from '../features/incidents/replyDraft'
import { lockOf, sendReply, takeReplyBack } from '../features/incidents/sendReply'
import { draftsBelongTo, forgetDrafts } from '../features/issue/useDraftText'

type Asked = { path: string; body: Record<string, unknown>; key: string | null }

let asked: Asked[]
let answer: (asked: Asked) => Response | Promise<Response>
let incident = ''
let tests = 0

const trying = (more: Partial<Tried> = {}): Tried => ({ key: crypto.randomUUID(), body: 'First', left: [], also: [], then: 'pending', issueIds: ['a', 'b'], rest: false, again: false, ...more })
const queued = (...ids: string[]) => Response.json({ data: ids.map((id) => ({ id: `que_${id}`, issue_id: id })) }, { status: 201 })
const back = (taken: string[], gone: string[] = []) => Response.json({ data: taken.map((id) => ({ id: `que_${id}`, issue_id: id })), gone })
const write = (change: Partial<ReplyDraft>) => changeReply(incident, (now) => ({ ...now, ...change }))
const now = (): ReplyDraft => getReply(incident)
const send = (tried: Tried) => sendReply(incident, now(), tried)
/** What another tab wrote. */
const elsewhere = (reply: ReplyDraft, told = true) => {
  const key = `draft:kim:incident ${incident}`
  localStorage.setItem(key, JSON.stringify(reply))
  if (told) dispatchEvent(new StorageEvent('storage', { key }))
}

beforeEach(() => {
  Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })
  forgetDrafts()
  draftsBelongTo('kim')
  incident = `inc_${tests += 1}`
  asked = []
  answer = ({ body }) => queued(...(body.issue_ids as string[]))
  vi.stubGlobal('fetch', vi.fn(async (request: Request) => {
    const path = new URL(request.url).pathname
    if (path === '/v1/auth/me') return Response.json({ id: 'kim' })
    const one = { path, body: (await request.json()) as Asked['body'], key: request.headers.get('Idempotency-Key') }
    asked.push(one)
    return answer(one)
  }))
})
afterEach(() => void vi.unstubAllGlobals())

test('what was sent is no draft any more', async () => {
  write({ body: 'First' })
  expect(hasUnsentReply()).toBe(true)
  await expect(send(trying())).resolves.toBe(2)
  expect(now()).toMatchObject({ left: [], also: [] })
  expect(now().body).toBeUndefined()
  expect(hasUnsentReply()).toBe(false)
})

test('a refusal gives the words back, for nothing was queued', async () => {
  write({ body: 'First' })
  answer = () => Response.json({ code: 'issue_ended' }, { status: 409 })
  await expect(send(trying())).rejects.toThrow()
  expect(now()).toMatchObject({ body: 'First' })
  expect(now().tried).toBeUndefined()
})

test('without an answer the same words go again under their key', async () => {
  write({ body: 'First' })
  answer = () => Response.json({}, { status: 502 })
  await expect(send(trying())).rejects.toThrow()
  expect(now().tried?.body).toBe('First')
  expect(hasUnsentReply()).toBe(true)
  answer = () => Response.json({ code: 'rate_limited' }, { status: 429 })
  await expect(send(now().tried!)).rejects.toThrow()
  answer = () => queued('a', 'b')
  await send(now().tried!)
  expect(asked[2]).toEqual(asked[0])
  expect(now().tried).toBeUndefined()
})

test('what was taken back after a lost answer is free again, under its key', async () => {
  write({ body: 'First' })
  answer = () => Promise.reject(new TypeError('no network'))
  await expect(send(trying())).rejects.toThrow()
  const { tried } = now()
  answer = () => back(['a', 'b'])
  await takeReplyBack(incident, tried!)
  expect(asked[1]).toMatchObject({ path: `/v1/incidents/${incident}/replies/take-back`, body: { key: tried!.key, issue_ids: ['a', 'b'] } })
  expect(now()).toMatchObject({ body: 'First' })
  expect(now().tried).toBeUndefined()
})

test('while nobody knows what became of a try, taking it back leaves it as it is', async () => {
  write({ body: 'First' })
  answer = () => Promise.reject(new TypeError('no network'))
  await expect(send(trying())).rejects.toThrow()
  const before = now()
  await expect(takeReplyBack(incident, before.tried!)).rejects.toThrow()
  expect(now()).toEqual(before)
})

test('a second reply goes to nobody who has one unless that was asked for', async () => {
  const tried = trying({ again: true, also: ['b'] })
  write({ body: 'First' })
  await send(tried)
  answer = () => back(['a'], ['b'])
  await takeReplyBack(incident, tried)
  expect(asked[0]?.body.again).toBe(true)
  expect(now()).toMatchObject({ body: 'First', also: ['b'] })
  answer = ({ body }) => queued(...(body.issue_ids as string[]))
  await send(trying({ issueIds: ['a'] }))
  expect(asked[2]?.body.again).toBe(false)
})

test('a try that turns out to have gone to all is settled', async () => {
  write({ body: 'First' })
  answer = () => Promise.reject(new TypeError('no network'))
  await expect(send(trying())).rejects.toThrow()
  answer = () => back([], ['a', 'b'])
  await takeReplyBack(incident, now().tried!)
  expect([now().body, now().tried]).toEqual([undefined, undefined])
})

test('words that come back stand before what was written since', async () => {
  const tried = trying({ left: ['c'] })
  await send(tried)
  write({ body: 'Second' })
  answer = () => back(['a', 'b'])
  await takeReplyBack(incident, tried)
  expect(now()).toMatchObject({ body: 'First\n\nSecond', left: ['c'] })
})

test('those beyond the limit have the same words next', async () => {
  const [first, last] = [trying({ rest: true }), trying({ issueIds: ['c'] })]
  write({ body: 'First' })
  await send(first)
  expect(now()).toMatchObject({ body: 'First' })
  await send(last)
  expect(now().body).toBeUndefined()
  answer = () => back(['a', 'b'])
  await takeReplyBack(incident, first)
  expect(now()).toMatchObject({ body: 'First' })
})

test('of two tabs with the same words one sends them', async () => {
  write({ body: 'First' })
  const shown = now()
  await send(trying())
  await expect(sendReply(incident, shown, trying())).resolves.toBeUndefined()
  expect(asked).toHaveLength(1)
})

test('what another tab sent is not sent again by one that was not told yet', async () => {
  write({ body: 'First' })
  const shown = now()
  elsewhere({ left: [], also: [], then: 'resolved' }, false)
  await expect(sendReply(incident, shown, trying())).resolves.toBeUndefined()
  expect(asked).toEqual([])
  expect(isStill(incident, now())).toBe(true)
  expect(now().then).toBe('resolved')
})

test('what another tab wrote is taken over', () => {
  write({ body: 'Mine' })
  elsewhere({ body: 'Theirs', left: [], also: [], then: 'pending' })
  expect(now().body).toBe('Theirs')
})

test('nothing is taken back beside a send that is under way', async () => {
  let arrive: (answer: Response) => void = () => undefined
  answer = () => new Promise<Response>((resolve) => { arrive = resolve })
  const tried = trying()
  const sending = send(tried)
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  const taking = takeReplyBack(incident, tried)
  expect(await navigator.locks.request(lockOf(incident), { ifAvailable: true }, (lock) => lock)).toBeNull()
  expect(asked).toHaveLength(1)
  arrive(queued('a', 'b'))
  answer = () => back(['a', 'b'])
  await Promise.all([sending, taking])
  expect(now()).toMatchObject({ body: 'First' })
})
