import { afterEach, beforeEach, expect, test, vi } from 'vitest'

type Who = { id: string; csrf_token: string }
const who = (id: string): Who => ({ id, csrf_token: `token of ${id}` })

/** Tabs of one test hear of each other, and of no other test. */
const Channel = BroadcastChannel
let tests = 0

let here: string
let asked: string[]
const reload = vi.fn()

/** A page that was opened just now; its tokens are those of whoever is `here`. */
async function openPage() {
  vi.resetModules()
  return { ...(await import('../api/session')), ...(await import('../api/client')), ...(await import('../api/door')) }
}

beforeEach(() => {
  here = 'kim'
  asked = []
  reload.mockReset()
  tests += 1
  vi.stubGlobal('BroadcastChannel', class extends Channel { constructor(name: string) { super(`${name} ${tests}`) } })
  vi.spyOn(location, 'reload').mockImplementation(reload)
  vi.stubGlobal('fetch', vi.fn((request: Request) => {
    const path = new URL(request.url).pathname
    const token = request.headers.get('X-CSRF-Token')
    asked.push(`${request.method} ${path}`)
    if (path === '/v1/auth/me' && request.method === 'GET') return Promise.resolve(here === 'nobody yet' ? new Response('{}', { status: 503 }) : Response.json(who(here)))
    return Promise.resolve(token === null || token === `token of ${here}` ? Response.json({}) : Response.json({ code: 'csrf_failed' }, { status: 403 }))
  }))
})
afterEach(() => void vi.unstubAllGlobals())

test('a token that was renewed goes with the change once more', async () => {
  const page = await openPage()
  await page.whoAmI()
  vi.mocked(fetch).mockImplementationOnce(() => Promise.resolve(Response.json({ code: 'csrf_failed' }, { status: 403 })))
  const { response } = await page.api.PATCH('/v1/auth/me', { body: { signature: 'Kim' } })
  expect(response.status).toBe(200)
  expect(reload).not.toHaveBeenCalled()
})

test('what one person pressed is not repeated for another, whose page begins anew', async () => {
  const page = await openPage()
  const told: string[] = []
  page.onMe((me) => told.push(me.id))
  await page.whoAmI()
  here = 'robin'
  const settled = vi.fn()
  void page.api.PATCH('/v1/auth/me', { body: { signature: 'Kim' } }).finally(settled)
  await vi.waitFor(() => expect(reload).toHaveBeenCalled())
  await new Promise((done) => setTimeout(done))
  expect(asked.filter((one) => one.startsWith('PATCH'))).toHaveLength(1)
  expect(settled).not.toHaveBeenCalled()
  expect(told).toEqual(['kim'])
})

test('nor is anything asked for in the name of who went, once the page is told', async () => {
  const page = await openPage()
  await page.whoAmI()
  here = 'robin'
  void page.askAgain()
  await vi.waitFor(() => expect(reload).toHaveBeenCalled())
  asked.length = 0
  void page.api.PATCH('/v1/auth/me', { body: { signature: 'Kim' } })
  await new Promise((done) => setTimeout(done))
  expect(asked).toEqual([])
})

test('an open tab begins anew when another person signs in elsewhere, and takes over what changed of the same', async () => {
  const first = await openPage()
  const told: string[] = []
  first.onMe((me) => told.push(me.csrf_token ?? ''))
  await first.whoAmI()
  const second = await openPage()
  await second.whoAmI()
  await vi.waitFor(() => expect(told).toHaveLength(2))
  expect(reload).not.toHaveBeenCalled()
  here = 'robin'
  const third = await openPage()
  await third.whoAmI()
  await vi.waitFor(() => expect(reload).toHaveBeenCalledTimes(2))
})

test('who has signed in is in, also when the server does not say at once who that is', async () => {
  const page = await openPage()
  page.refusedSince(page.sessionSeen())
  expect(page.isSignedOut()).toBe(true)
  here = 'nobody yet'
  await page.signIn({ email: 'kim@example.com', password: 'a secret of kim' })
  expect(page.isSignedOut()).toBe(false)
})
