import { describe, expect, test } from 'vitest'
import { actionName } from '../features/admin/actions'
import { readSearch } from '../features/inbox/views'
import { annotate, numberSources } from '../lib/citations'
import type { IssueNews } from '../api/schema'
import { newsIn } from '../app/news'
import { findPassages } from '../lib/passages'
import { findBlanks, markerOf, nextBlank } from '../lib/placeholders'
import { isSignature, splitQuoted } from '../lib/quotes'
import { missingLines, signed } from '../lib/signature'
import { topicName, topicOf } from '../lib/names'
import { initials } from '../lib/text'
import { fieldMoment, relative, snoozeMoments } from '../lib/moments'
import { shortAge } from '../lib/time'
import { loadStrings } from '../strings'

const source = (id: string) => ({ kind: 'article' as const, id, title: id.toUpperCase() })

describe('citations', () => {
  const citations = [
    { index: 2, source: source('b'), sentence: 'Then press save.' },
    { index: 1, source: source('a'), sentence: 'Open it.' },
    { index: 3, source: source('a'), sentence: 'Done.' },
  ]

  test('are numbered in the order of the text, each source once', () => {
    expect(numberSources(citations).map(({ id, number, sentences }) => [id, number, sentences.length])).toEqual([['a', 1, 2], ['b', 2, 1]])
  })

  test('stand behind their sentences, and no word of the text is lost', () => {
    const text = 'Hello. Open it. Then press save. Done. Bye'
    const spans = annotate(text, citations)
    expect(spans.map((span) => span.source?.number)).toEqual([1, 2, 1, undefined])
    expect(spans.map((span) => span.text).join('')).toBe(text)
  })

  test('of one source in one paragraph share a number', () => {
    const own = ['One.', 'Two.', 'Three.'].map((sentence, index) => ({ index, source: source('a'), sentence }))
    const spans = annotate('One. Two.\n\nThree.', own)
    expect(spans.map((span) => span.text)).toEqual(['One. Two.', '\n\nThree.'])
  })

  test('of a sentence that is not there are left out', () => {
    expect(annotate('Other words.', citations)).toEqual([{ text: 'Other words.' }])
  })
})

describe('blanks of templates', () => {
  test('are found in order, also twice', () => {
    const text = 'About [order number] for [name]: [order number]'
    const blanks = findBlanks(text, ['ask.order_number', 'customer.name'].map(markerOf))
    expect(blanks.map((blank) => text.slice(blank.start, blank.end))).toEqual(['[order number]', '[name]', '[order number]'])
    expect(nextBlank(blanks, 10)?.name).toBe('name')
    expect(nextBlank(blanks, text.length)?.start).toBe(6)
  })

  test('are none once they are filled', () => {
    expect(findBlanks('About 1001', [markerOf('ask.order_number')])).toEqual([])
  })
})

describe('the address of a list', () => {
  test('gives filters, and drops what is no filter', () => {
    expect(readSearch({ status: ['open', 'nonsense'], severity: 'high', sort: 'oldest', q: '  ', evil: '1', channel: 'fax' })).toEqual({ status: ['open'], severity: ['high'], sort: 'oldest' })
  })
})

describe('words', () => {
  test('of people become initials, in any script', () => {
    expect(['Ana Example', 'Cher', '李 小龍', '😀 Smith', ''].map(initials)).toEqual(['AE', 'C', '李小', '😀S', '?'])
  })

  test('that are quoted or a signature are folded', () => {
    expect(splitQuoted('Yes.\n\nOn Monday Ana wrote:\n> No?').fresh).toBe('Yes.')
    expect(splitQuoted('Hi\n-- \nAna').rest).toBe('-- \nAna')
    expect(splitQuoted('> quoted first\nanswer')).toEqual({ fresh: '> quoted first\nanswer', rest: '' })
    expect([isSignature('-- \nAna'), isSignature('-- \nAna\n> quoted'), isSignature('> quoted')]).toEqual([true, false, false])
  })
})

describe('time', () => {
  test('passes in minutes, hours and days', () => {
    const now = Date.parse('2026-03-02T12:00:00Z')
    expect(['2026-03-02T11:59:30Z', '2026-03-02T11:01:00Z', '2026-03-02T01:00:00Z', '2026-02-27T12:00:00Z'].map((iso) => shortAge(iso, now))).toEqual(['now', '59m', '11h', '3d'])
  })

  test('to come back is never in the past', () => {
    for (const hour of [0, 8, 17, 18, 23]) {
      const now = new Date(2026, 2, 2, hour, 30)
      for (const { at } of snoozeMoments(now)) expect(at.getTime()).toBeGreaterThan(now.getTime())
    }
    expect(snoozeMoments(new Date(2026, 2, 2, 20)).map((one) => one.id)).not.toContain('evening')
  })
})

describe('cited passages', () => {
  const blocks = ['Blank labels', 'Open the print helper. Choose 100 x 150 mm and turn off Fit to page.', 'Then print a test label.']

  test('are found word for word', () => {
    const [found] = findPassages(blocks, ['Choose 100 x 150 mm and turn off Fit to page.'])
    expect(found && blocks[found.block]?.slice(found.start, found.end)).toBe('Choose 100 x 150 mm and turn off Fit to page.')
  })

  test('are found where the reply says it a little differently', () => {
    const [found] = findPassages(blocks, ['Please choose 100 x 150 mm, then turn off "Fit to page".'])
    expect(found && blocks[found.block]?.slice(found.start, found.end)).toBe('Choose 100 x 150 mm and turn off Fit to page.')
  })

  test('may hold a full stop inside of a word', () => {
    const [found] = findPassages(['Hello {{ customer.first_name }}, the parcel is lost.'], ['Hello Ana, the parcel is lost.'])
    expect([found?.start, found?.end]).toEqual([0, 52])
  })

  test('come in the order of the source, each once, and only where something is alike', () => {
    const cited = ['Then print a test label.', 'Open the print helper.', 'Then print a test label.', 'We are sorry for the trouble with your parcels.']
    expect(findPassages(blocks, cited).map(({ block, start }) => [block, start])).toEqual([[1, 0], [2, 0]])
  })
})

describe('a signature', () => {
  const signature = 'Kind regards\nDana Lee\nSupport'

  test('stands below the text, once', () => {
    expect(signed('It is fixed.\n', signature)).toBe(`It is fixed.\n\n${signature}`)
    expect(signed(`It is fixed.\n\n${signature}\n`, signature)).toBe(`It is fixed.\n\n${signature}`)
  })

  test('goes on where a template has begun it', () => {
    expect(signed('It is fixed.\n\nKind regards\nDana Lee', signature)).toBe(`It is fixed.\n\n${signature}`)
    expect(missingLines('Thanks,\nDana Lee', 'dana lee\nSupport')).toBe('Support')
    expect(missingLines('Dana Lee wrote this', signature)).toBe(signature)
  })
})

describe('news', () => {
  const now = Date.parse('2026-03-02T09:00:00Z')
  const issue = (change: Partial<IssueNews>): IssueNews => ({ assignee: null, severity: 'low', created_at: '2026-03-01T09:00:00Z', said: null, mentions: [], ...change })
  const said = (change: object): IssueNews['said'] => ({ author: 'customer', visibility: 'public', by: null, at: '2026-03-02T08:59:50Z', ...change })
  const me = { id: 'usr_1' }
  const before = { assignee: null, severity: 'low' as const, said: undefined, mentioned: undefined }

  test('are an issue that was given, and what its customer says', () => {
    expect(newsIn(issue({ assignee: 'usr_1' }), before, me, now)).toEqual(['assigned'])
    expect(newsIn(issue({ assignee: 'usr_1', said: said({}) }), { ...before, assignee: 'usr_1' }, me, now)).toEqual(['reply'])
    expect(newsIn(issue({ assignee: 'usr_2', said: said({}) }), before, me, now)).toEqual([])
  })

  test('are what becomes critical, once, and a note that names one', () => {
    expect(newsIn(issue({ severity: 'critical' }), before, me, now)).toEqual(['critical'])
    expect(newsIn(issue({ severity: 'critical' }), { ...before, severity: 'critical' }, me, now)).toEqual([])
    const note = (at: string, ...of: string[]) => ({ by: 'usr_3', of, at })
    const mentions = [note('2026-03-02T08:10:00Z', 'usr_2', 'usr_1'), note('2026-03-02T08:20:00Z', 'usr_2')]
    expect(newsIn(issue({ said: said({}), mentions }), before, me, now)).toEqual(['mention'])
    expect(newsIn(issue({ mentions: mentions.slice(1) }), before, me, now)).toEqual([])
    expect(newsIn(issue({ mentions }), { ...before, mentioned: mentions[0]?.at }, me, now)).toEqual([])
  })

  test('are nothing that was said long ago or is known already', () => {
    const old = said({ at: '2026-03-02T08:00:00Z' })
    expect(newsIn(issue({ assignee: 'usr_1', said: old }), { ...before, assignee: 'usr_1' }, me, now)).toEqual([])
    const last = said({})
    expect(newsIn(issue({ assignee: 'usr_1', said: last }), { ...before, assignee: 'usr_1', said: last?.at }, me, now)).toEqual([])
  })
})

test('a topic is read by its name and stored as it was', () => {
  expect([topicName('shipping_labels'), topicName('api')]).toEqual(['Shipping labels', 'API'])
  expect([topicOf('Shipping labels ', 'shipping_labels'), topicOf('Parcels', 'shipping_labels'), topicOf('  ', 'api')]).toEqual(['shipping_labels', 'Parcels', null])
})

test('a moment goes into a field on the clock of this device and comes back the same', () => {
  const moment = new Date(2026, 10, 28, 9, 5)
  expect(fieldMoment(moment)).toBe('2026-11-28T09:05')
  expect(new Date(fieldMoment(moment))).toEqual(moment)
})

test('what the trail holds is said in words, also lists of more than one part', () => {
  expect(['privacy.retention.holds.read_in_bulk', 'incident-clusters.read_in_bulk', 'issue.edited'].map(actionName))
    .toEqual(['Legal holds read in bulk', 'Possible incidents read in bulk', 'Issue edited'])
  expect(actionName('of.a.later.version')).toBe('of.a.later.version')
})

describe('how long something is away', () => {
  const NOW = Date.parse('2026-11-27T12:00:00Z')
  const sizes = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }
  const lengths = { minute: [0, 0.4, 1, 2, 59], hour: [1, 1.6, 23], day: [1, 2, 3, 29] }

  test.each(['en', 'de'] as const)('is told as browsers do, in %s', async (language) => {
    await loadStrings(language)
    const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
    for (const unit of ['minute', 'hour', 'day'] as const) {
      for (const away of lengths[unit].flatMap((n) => [n, -n])) {
        expect(relative(new Date(NOW + away * sizes[unit]).toISOString(), NOW)).toBe(format.format(Math.round(away), unit))
      }
    }
    await loadStrings('en')
  })
})
