import { locks } from 'node:worker_threads'
import { beforeEach, expect, test, vi } from 'vitest'
import { sendText } from '../features/issue/sending'
import { changeDraft, draftsBelongTo, fetchOnce, forgetDrafts, getDraft, giveBack, saveDrafts } from '../features/issue/useDraftText'

const lost = () => Promise.reject(new Error('no answer'))
const stored = (): string => JSON.stringify(localStorage)
/** A server that takes drafts, and has this one. */
const serverWith = (draft: object | null) =>
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(draft ?? { reply: '', note: '', unsigned: false, updated_at: null })))
const SAVED = { reply: 'Hello', note: '', unsigned: false, updated_at: '2026-01-01T00:00:00Z' }

const useLocks = (value: Pick<LockManager, 'request'>) => Object.defineProperty(navigator, 'locks', { value, configurable: true })
/** Lets what waits for a lock have it; timers stand still. */
const turns = async () => { for (let i = 0; i < 20; i += 1) await new Promise((done) => setImmediate(done)) }

beforeEach(() => {
  useLocks(locks as unknown as LockManager)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  forgetDrafts()
  draftsBelongTo('kim')
})

test('words on their way are kept until the answer comes', async () => {
  changeDraft('one', { reply: 'Hello' })
  let answer: (value: string) => void = () => undefined
  const sent = sendText('one', 'reply', 'pending', () => new Promise<string>((resolve) => { answer = resolve }))
  expect(getDraft('one').reply).toBe('')
  expect(stored()).toContain('Hello')
  answer('there')
  await expect(sent).resolves.toBe('there')
  expect(stored()).not.toContain('Hello')
})

test('words on their way when the page was left come back in the next', async () => {
  changeDraft('one', { reply: 'Hello' })
  const keys: string[] = []
  void sendText('one', 'reply', 'pending', (key) => { keys.push(key); return new Promise(() => undefined) })
  await turns()
  const open = async () => {
    vi.resetModules()
    const page = { ...(await import('../features/issue/useDraftText')), ...(await import('../features/issue/sending')) }
    await turns()
    return page
  }
  // The page is still there, and another tab is opened beside it.
  expect((await open()).getDraft('one').reply).toBe('')
  expect(stored()).toContain('Hello')
  // Its locks end with a page.
  useLocks({ request: (_name: string, ...rest: unknown[]) => Promise.resolve((rest.at(-1) as LockGrantedCallback<unknown>)({ name: '', mode: 'exclusive' })) } as unknown as LockManager)
  const page = await open()
  expect(page.getDraft('one').reply).toBe('Hello')
  await page.sendText('one', 'reply', 'pending', (key) => Promise.resolve(keys.push(key)))
  expect(keys[1]).toBe(keys[0])
})

test('words that were refused come back before what was written meanwhile', async () => {
  changeDraft('one', { reply: 'First' })
  const sent = sendText('one', 'reply', 'pending', lost)
  changeDraft('one', { reply: 'Second' })
  await expect(sent).rejects.toThrow()
  expect(getDraft('one').reply).toBe('First\n\nSecond')
})

test('a key goes again with the same words only', async () => {
  const keys: string[] = []
  const call = (key: string) => { keys.push(key); return lost() }
  changeDraft('one', { reply: 'Hello' })
  await sendText('one', 'reply', 'pending', call).catch(() => undefined)
  await sendText('one', 'reply', 'pending', call).catch(() => undefined)
  changeDraft('one', { reply: 'Hello again' })
  await sendText('one', 'reply', 'pending', call).catch(() => undefined)
  expect(keys[1]).toBe(keys[0])
  expect(keys[2]).not.toBe(keys[0])
})

test('a reply that was taken back goes under a new key, else it would never leave', async () => {
  const keys: string[] = []
  changeDraft('one', { reply: 'Hello' })
  await sendText('one', 'reply', 'pending', (key) => { keys.push(key); return lost() }).catch(() => undefined)
  changeDraft('one', { reply: '' })
  giveBack('one', 'reply', 'Hello')
  await sendText('one', 'reply', 'pending', (key) => Promise.resolve(keys.push(key)))
  expect(keys[1]).not.toBe(keys[0])
})

test('a draft that the server did not take is tried again, and signing out waits for it', async () => {
  const answers = (status: number) => vi.stubGlobal('fetch', () => Promise.resolve(new Response('{"id": "kim"}', { status })))
  answers(503)
  changeDraft('one', { reply: 'Hello' })
  await expect(saveDrafts()).rejects.toThrow()
  expect(stored()).toContain('Hello')
  await expect(saveDrafts()).rejects.toThrow()
  answers(200)
  await saveDrafts()
  expect(getDraft('one').saved).toBe('server')
  answers(503)
  await saveDrafts()
  vi.unstubAllGlobals()
})

test('what was written before it was known by whom reaches the server too', async () => {
  vi.resetModules()
  localStorage.clear()
  const page = await import('../features/issue/useDraftText')
  page.changeDraft('one', { reply: 'Hello' })
  page.draftsBelongTo('kim')
  expect(page.getDraft('one').reply).toBe('Hello')
  const bodies: unknown[] = []
  vi.stubGlobal('fetch', vi.fn(async (request: Request) => {
    if (request.method === 'PUT') bodies.push(await request.json())
    return Response.json({ id: 'kim' })
  }))
  await page.saveDrafts()
  expect(bodies).toEqual([{ reply: 'Hello', note: '', unsigned: false }])
  vi.unstubAllGlobals()
})

test('what a page before could not save is saved by the next, and by signing out', async () => {
  localStorage.setItem('draft:kim:one', JSON.stringify({ reply: 'Before the crash', saved: 'device' }))
  localStorage.setItem('draft:kim:gone', JSON.stringify({ reply: 'Of an erased issue', saved: 'device' }))
  localStorage.setItem('draft:kim:incident inc_1', JSON.stringify({ body: 'To all', done: [] }))
  const asked: string[] = []
  vi.stubGlobal('fetch', vi.fn((request: Request) => {
    const { pathname } = new URL(request.url)
    if (request.method === 'PUT') asked.push(pathname)
    return Promise.resolve(Response.json({ id: 'kim' }, { status: pathname.includes('/gone/') ? 404 : 200 }))
  }))
  await saveDrafts()
  expect(asked.sort()).toEqual(['/v1/issues/gone/draft', '/v1/issues/one/draft'])
  expect(getDraft('one').saved).toBe('server')
  await saveDrafts()
  expect(asked).toHaveLength(2)
  expect(getDraft('gone').reply).toBe('Of an erased issue')
  vi.unstubAllGlobals()
})

test('older words never arrive after newer ones', async () => {
  const bodies: string[] = []
  const answers: ((answer: Response) => void)[] = []
  vi.stubGlobal('fetch', vi.fn(async (request: Request) => {
    if (request.method !== 'PUT') return Response.json({ id: 'kim' })
    bodies.push(((await request.json()) as { reply: string }).reply)
    return new Promise<Response>((resolve) => answers.push(resolve))
  }))
  changeDraft('one', { reply: 'First' })
  const saves = [saveDrafts()]
  await turns()
  for (const reply of ['First and', 'First and second', '']) {
    changeDraft('one', { reply })
    saves.push(saveDrafts())
  }
  await turns()
  expect(bodies).toEqual(['First'])
  answers[0]!(Response.json({}))
  await turns()
  expect(bodies).toEqual(['First', ''])
  answers[1]!(Response.json({}))
  await Promise.all(saves)
  expect(bodies).toHaveLength(2)
  vi.unstubAllGlobals()
})

test('what one person wrote is gone when another signs in', () => {
  changeDraft('one', { note: 'For me alone' })
  draftsBelongTo('robin')
  expect(getDraft('one').note).toBe('')
  expect(stored()).not.toContain('For me alone')
})

test('what another tab wrote is taken over, save in the field in use', () => {
  const field = document.body.appendChild(document.createElement('textarea'))
  field.dataset.issue = 'one'
  const elsewhere = (reply: string) => {
    localStorage.setItem('draft:kim:one', JSON.stringify({ reply }))
    dispatchEvent(new StorageEvent('storage', { key: 'draft:kim:one' }))
    return getDraft('one').reply
  }
  changeDraft('one', { reply: 'Mine' })
  field.focus()
  const focus = vi.spyOn(document, 'hasFocus').mockReturnValue(true)
  expect(elsewhere('Theirs')).toBe('Mine')
  focus.mockReturnValue(false)
  expect(elsewhere('Theirs')).toBe('Theirs')
})

test('what another browser kept does not come back after a send that was quicker than its answer', async () => {
  let answer: (kept: Response) => void = () => undefined
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => { answer = resolve }))
  const kept = () => Response.json({ reply: 'An older text', note: '', unsigned: false, updated_at: '2026-01-01T00:00:00Z' })
  const late = fetchOnce('one')
  changeDraft('one', { reply: 'Hello' })
  await sendText('one', 'reply', 'pending', () => Promise.resolve())
  answer(kept())
  await late
  expect(getDraft('one').reply).toBe('')

  const other = fetchOnce('two')
  answer(kept())
  await other
  expect(getDraft('two').reply).toBe('An older text')
  vi.unstubAllGlobals()
})

test('words that the server has leave the device with the page, and come back in the tab', async () => {
  serverWith(SAVED)
  changeDraft('one', { reply: 'Hello', suggested: 'Hello you', suggestionId: 'sug' })
  await saveDrafts()
  dispatchEvent(new Event('pagehide'))
  expect(stored()).not.toContain('Hello')
  vi.resetModules()
  const page = await import('../features/issue/useDraftText')
  expect(page.getDraft('one')).toMatchObject({ reply: 'Hello', suggested: 'Hello you', saved: 'server' })
  vi.unstubAllGlobals()
})

test('in another tab they come from the server, with how a macro ends; where it has none, so does no macro', async () => {
  for (const [kept, reply, thenStatus] of [[SAVED, 'Hello', 'resolved'], [null, '', undefined]] as const) {
    serverWith(SAVED)
    changeDraft('one', { reply: 'Hello', thenStatus: 'resolved' })
    await saveDrafts()
    dispatchEvent(new Event('pagehide'))
    sessionStorage.clear()
    vi.resetModules()
    const page = await import('../features/issue/useDraftText')
    expect(page.getDraft('one')).toMatchObject({ reply: '', saved: 'nothing' })
    serverWith(kept)
    await page.fetchOnce('one')
    expect(page.getDraft('one').reply).toBe(reply)
    expect(page.getDraft('one').thenStatus).toBe(thenStatus)
    page.forgetDrafts()
    forgetDrafts()
  }
  vi.unstubAllGlobals()
})

test('words that the server does not have stay', async () => {
  vi.stubGlobal('fetch', lost)
  changeDraft('one', { reply: 'Hello' })
  dispatchEvent(new Event('pagehide'))
  await turns()
  expect(stored()).toContain('Hello')
  vi.unstubAllGlobals()
})

test('when the session is over, words that the server has are on this device no longer', async () => {
  serverWith(SAVED)
  changeDraft('one', { reply: 'Hello' })
  await saveDrafts()
  changeDraft('two', { reply: 'Not yet there' })
  const { refusedSince, sessionSeen } = await import('../api/session')
  refusedSince(sessionSeen())
  expect(stored()).not.toContain('Hello')
  expect(stored()).toContain('Not yet there')
  expect(getDraft('one').reply).toBe('Hello')
  vi.unstubAllGlobals()
})

test('a tab that is left empties no other', async () => {
  serverWith(SAVED)
  changeDraft('one', { reply: 'Hello' })
  await saveDrafts()
  const newValue = JSON.stringify({ reply: '', note: '', stowed: true })
  localStorage.setItem('draft:kim:one', newValue)
  dispatchEvent(new StorageEvent('storage', { key: 'draft:kim:one', newValue }))
  expect(getDraft('one').reply).toBe('Hello')
  vi.unstubAllGlobals()
})

test('a later text of another browser is shown in the place of one that was saved', async () => {
  serverWith(SAVED)
  changeDraft('one', { reply: 'Hello' })
  await saveDrafts()
  vi.resetModules()
  const page = await import('../features/issue/useDraftText')
  serverWith({ ...SAVED, reply: 'Hello again' })
  await page.fetchOnce('one')
  expect(page.getDraft('one').reply).toBe('Hello again')
  vi.unstubAllGlobals()
})
