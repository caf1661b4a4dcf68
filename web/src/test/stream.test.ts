import { describe, expect, test } from 'vitest'
import { eventParser } from '../api/stream'

describe('the parser of event streams', () => {
  test('reads events whatever the pieces are', () => {
    const text = 'event: token\ndata: {"text":"Hi "}\n\nevent: done\r\ndata: {"a":\r\ndata: 1}\r\n\r\n'
    for (const size of [1, 2, 7, text.length]) {
      const parse = eventParser()
      const events = [...Array(Math.ceil(text.length / size)).keys()].flatMap((at) => parse(text.slice(at * size, (at + 1) * size)))
      expect(events).toEqual([{ event: 'token', data: { text: 'Hi ' } }, { event: 'done', data: { a: 1 } }])
    }
  })

  test('skips comments and what has no data, and keeps an unfinished event back', () => {
    const parse = eventParser()
    expect(parse(': keep-alive\n\nevent: token\n\ndata: 1')).toEqual([])
    expect(parse('\n\n')).toEqual([{ event: 'message', data: 1 }])
  })
})
