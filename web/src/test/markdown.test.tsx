import { createRoot } from 'react-dom/client'
import { act } from 'react'
import { expect, test, vi } from 'vitest'
import { Markdown } from '../ui/Markdown'

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)

function shown(text: string): HTMLElement {
  const place = document.createElement('div')
  act(() => createRoot(place).render(<Markdown text={text} />))
  return place
}

test.each([
  '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg onload=alert(1)>', '<iframe src=//evil.example>', '<a href=javascript:alert(1)>x</a>',
  '[x](javascript:alert(1))', '[x](JaVaScRiPt:alert(1))', '[x](java\nscript:alert(1))', '[x](&#106;avascript:alert(1))', '[x](data:text/html,<script>alert(1)</script>)', '[x][y]\n\n[y]: javascript:alert(1)', '<javascript:alert(1)>', '[x](vbscript:x)',
  '![x](//evil.example/a.png)', '![x](//evil.example/a(b).png)', '![x][y]\n\n[y]: //evil.example/a.png', '![y]\n\n[y]: //evil.example/a.png', '![x\n](<//evil.example/a) b.png>)', '[![x](//evil.example/a.png)](//evil.example)',
])('%s neither runs nor fetches', (text) => {
  const place = shown(text)
  expect(place.querySelectorAll('script, img, svg, iframe, object, embed, style, link, form')).toHaveLength(0)
  expect([...place.querySelectorAll('*')].flatMap((each) => [...each.attributes]).filter(({ name, value }) => name.startsWith('on') || /^\s*(javascript|data|vbscript):/i.test(value))).toEqual([])
})

test('what is harmless is shown', () => {
  const place = shown('## Head\n\n**bold** [site](https://example.com/a?b=c)\n\n1. one\n2. two')
  expect(place.querySelector('strong')?.textContent).toBe('bold')
  expect(place.querySelector('a')?.getAttribute('href')).toBe('https://example.com/a?b=c')
  expect(place.querySelectorAll('li')).toHaveLength(2)
})

test.each(['a [bad](javascript:alert(1)) b', 'a [bad]() b', 'a [bad][y] b\n\n[y]: javascript:alert(1)', 'a [bad](javascript:x "title") b'])('%s leaves its words, and no link', (text) => {
  const place = shown(text)
  expect(place.querySelectorAll('a')).toHaveLength(0)
  expect(place.textContent?.trim()).toBe('a bad b')
})

test('a text that looks like an empty link is text', () => {
  expect(shown('<a href="">x</a>').textContent?.trim()).toBe('<a href="">x</a>')
})
