import { expect, test } from 'vitest'
import { allPages } from '../api/allPages'

/** A list of so many numbers, read by pages as the server gives them. */
const list = (count: number) => {
  const asked: number[] = []
  const read = ({ limit, cursor = '0' }: { limit: number; cursor?: string }) => {
    const from = Number(cursor)
    asked.push(from)
    const to = Math.min(count, from + limit)
    return Promise.resolve({ data: Array.from({ length: to - from }, (_, at) => from + at), next_cursor: to < count ? String(to) : null })
  }
  return { asked, read }
}

test('a list is read to its end, each row once', async () => {
  const { asked, read } = list(450)
  const page = await allPages(read)
  expect(page.data).toEqual(Array.from({ length: 450 }, (_, at) => at))
  expect(page.next_cursor).toBeNull()
  expect(asked).toEqual([0, 200, 400])
})

test('of one that does not end it is told that there is more', async () => {
  const page = await allPages(list(5000).read)
  expect(page.data).toHaveLength(1000)
  expect(page.next_cursor).not.toBeNull()
})
