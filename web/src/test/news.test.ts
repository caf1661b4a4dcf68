import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { meQuery } from '../api/queries/me'
import { queryClient } from '../api/queryClient'
import type { Me } from '../api/session'
import { catchUp, noteChange, watchNews } from '../app/news'

const own = (id: string) => ({ id, assignee: 'usr_1', severity: 'low' as const, created_at: new Date().toISOString(), last_message: null })

let mine: string[] | undefined
let end: () => void

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(document, 'hasFocus').mockReturnValue(false)
  document.head.innerHTML = '<title>Inbox</title>'
  queryClient.setQueryData(meQuery.queryKey, { id: 'usr_1', account: { notifications: ['assigned', 'critical'] } } as Me)
  vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(mine ? Response.json({ data: mine.map(own) }) : Response.json({}, { status: 503 }))))
})
afterEach(() => {
  end()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const settle = () => vi.advanceTimersByTimeAsync(1000)

test('after a bad start nobody is told that all of their own issues are new', async () => {
  mine = undefined
  end = watchNews()
  await settle()
  noteChange('three', { ...own('three'), said: null, mentions: [] })
  mine = ['one', 'two']
  catchUp()
  await settle()
  expect(document.title).toBe('Inbox')
})

test('what came in a gap is told once the stream is there again', async () => {
  mine = ['one']
  end = watchNews()
  await settle()
  mine = ['one', 'two']
  catchUp()
  await settle()
  expect(document.title).toBe('● 1 · Inbox')
})

test('a server that was not ready is asked again by itself', async () => {
  mine = undefined
  end = watchNews()
  await settle()
  mine = ['one']
  await vi.advanceTimersByTimeAsync(6000)
  mine = ['one', 'two']
  catchUp()
  await settle()
  expect(document.title).toBe('● 1 · Inbox')
})
