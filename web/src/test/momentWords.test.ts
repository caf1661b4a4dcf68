import { expect, test } from 'vitest'
import { momentOf } from '../lib/momentWords'

// A Wednesday.
const NOW = new Date(2026, 10, 25, 15, 20)
const at = (day: number, hour: number, minute = 0, month = 11, year = 2026) => new Date(year, month - 1, day, hour, minute)

test.each([
  ['tomorrow 9', at(26, 9)], ['Tomorrow', at(26, 9)], ['tomorrow at 14:30', at(26, 14, 30)], ['morgen 9 uhr', at(26, 9)], ['morgen früh', at(26, 9)], ['heute abend', at(25, 18)],
  ['day after tomorrow 8am', at(27, 8)], ['übermorgen', at(27, 9)], ['fri 14', at(27, 14)], ['next friday 2 pm', at(27, 14)], ['freitag 14.30', at(27, 14, 30)], ['wed', at(2, 9, 0, 12)],
  ['mon evening', at(30, 18)], ['next week', at(30, 9)], ['nächste woche', at(30, 9)], ['16', at(25, 16)], ['9', at(26, 9)], ['12am', at(26, 0)], ['noon', at(26, 12)], ['tonight', at(25, 18)],
  ['in 3 days', at(28, 9)], ['3 tage', at(28, 9)], ['in 2 weeks', at(9, 9, 0, 12)], ['in an hour', at(25, 16, 20)], ['in einer stunde', at(25, 16, 20)], ['in 90 min', at(25, 16, 50)], ['2h', at(25, 17, 20)],
  ['2 dec', at(2, 9, 0, 12)], ['Dec 2 10:15', at(2, 10, 15, 12)], ['2. Dezember', at(2, 9, 0, 12)], ['5.1.', at(5, 9, 0, 1, 2027)], ['2027-02-01 8:00', at(1, 8, 0, 2, 2027)],
])('%s', (words, moment) => expect(momentOf(words, NOW)).toEqual(moment))

test.each(['', '   ', 'at', 'zebra', 'tomorrow zebra', '25', '9:75', '13pm', '30.2.', 'today 9', '2020-01-01', '2030-01-01', 'fri mon', 'in 999 weeks', '9 10', '32 dec'])('nothing in “%s”', (words) => {
  expect(momentOf(words, NOW)).toBeUndefined()
})
