const HOUR = 3_600_000
const MORNING = 9
const LONGEST_DAYS = 366
/** Names in English and German, in small letters, by their number. The first of November 2026 is a Sunday. */
const named = (count: number, options: Intl.DateTimeFormatOptions, day: (at: number) => Date) =>
  Array.from({ length: count }, (_, at) => ['en', 'de'].map((language) => day(at).toLocaleDateString(language, options).toLowerCase()))
const DAYS = named(7, { weekday: 'long' }, (at) => new Date(2026, 10, 1 + at))
const MONTHS = named(12, { month: 'long' }, (at) => new Date(2026, at, 1))
/** Which of them begins so. */
const numberOf = (names: readonly string[][], word: string, least: number) =>
  word.length < least ? -1 : names.findIndex((each) => each.some((name) => name.startsWith(word.replace(/\.$/, ''))))
const AHEAD: Record<string, number> = { today: 0, heute: 0, tomorrow: 1, morgen: 1, übermorgen: 2 }
const HOURS: Record<string, number> = { morning: MORNING, früh: MORNING, vormittag: MORNING, noon: 12, mittag: 12, afternoon: 14, nachmittag: 14, evening: 18, abend: 18, tonight: 18 }
const FILLERS = /^(?:at|on|in|the|next|this|until|till|um|am|den|dem|der|bis|nächste[nrms]?|diese[nrms]?|kommende[nrms]?|uhr|o'clock)$/
const AMOUNT = /^(?:in )?(\d{1,3}|an?|one|einen|einem|einer?) ?(min(?:ute[ns]?)?|hours?|h|stunden?|std|days?|d|tage?n?|weeks?|w|wochen?)$/
const UNIT_DAYS: Record<string, number> = { d: 1, t: 1, w: 7 }

type Found = { day?: Date; hour?: number; minute?: number }

/**
 * The moment that somebody means with a few words, English or German: "tomorrow 9", "fri 14:30", "in 3 days", "2. Dez.", "abend".
 * Without a time the morning; without a day the next time that the clock shows it. Undefined where a word says nothing
 * of a moment, and for what is past or more than a year away.
 */
export function momentOf(text: string, now: Date): Date | undefined {
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ').replace(/^day after tomorrow/, 'übermorgen').replace(/(\d) (am|pm)\b/g, '$1$2')
  const at = words ? (after(words, now) ?? onClock(words, now)) : undefined
  const days = at ? (at.getTime() - now.getTime()) / (24 * HOUR) : 0
  return at && days > 0 && days <= LONGEST_DAYS ? at : undefined
}

/** "in 3 days" is in the morning of that day, "in 2 hours" to the minute. */
function after(words: string, now: Date): Date | undefined {
  const [, count, unit] = AMOUNT.exec(words) ?? []
  if (!count || !unit) return undefined
  const many = /^\d/.test(count) ? Number(count) : 1
  if (unit.startsWith('min')) return new Date(now.getTime() + (many * HOUR) / 60)
  const days = UNIT_DAYS[unit.charAt(0)]
  return days ? dayAt(now, many * days, MORNING) : new Date(now.getTime() + many * HOUR)
}

function onClock(words: string, now: Date): Date | undefined {
  const found: Found = {}
  const parts = words.split(/[ ,]+/).filter((word) => word && !FILLERS.test(word))
  if (!parts.length) return undefined
  for (let index = 0; index < parts.length; index += 1) {
    const [word = '', next = ''] = [parts[index], parts[index + 1]]
    // A month beside a number: "2 dec", "dec 2".
    const dated = inMonth(word, next, now) ?? inMonth(next, word, now)
    if (dated && !found.day) {
      found.day = dated
      index += 1
    } else if (!takeDay(found, word, now) && !takeTime(found, word)) return undefined
  }
  const { day, hour = MORNING, minute = 0 } = found
  if (day) return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour, minute)
  const today = dayAt(now, 0, hour, minute)
  return today > now ? today : dayAt(now, 1, hour, minute)
}

const dayAt = (now: Date, days: number, hour = 0, minute = 0) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour, minute)

function takeDay(found: Found, word: string, now: Date): boolean {
  if (found.day) return false
  const weekday = numberOf(DAYS, word, 2)
  const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(word)
  const german = /^(\d{1,2})\.(\d{1,2})\.(\d{4})?$/.exec(word)
  const ahead = AHEAD[word]
  if (ahead !== undefined) found.day = dayAt(now, ahead)
  else if (weekday >= 0) found.day = dayAt(now, (weekday - now.getDay() + 7) % 7 || 7)
  else if (/^(?:week|woche)$/.test(word)) found.day = dayAt(now, (8 - now.getDay()) % 7 || 7)
  else if (date) found.day = real(Number(date[1]), Number(date[2]), Number(date[3]))
  else if (german) found.day = german[3] ? real(Number(german[3]), Number(german[2]), Number(german[1])) : soonest(Number(german[2]), Number(german[1]), now)
  return found.day !== undefined
}

function takeTime(found: Found, word: string): boolean {
  const named = HOURS[word.replace(/s$/, '')]
  const clock = /^(\d{1,2})(?:[:.](\d\d))?(h|am|pm)?$/.exec(word)
  if (found.hour !== undefined || (named === undefined && !clock)) return false
  const half = clock?.[3]
  const said = Number(clock?.[1])
  const hour = named ?? (half === 'pm' ? (said % 12) + 12 : half === 'am' ? said % 12 : said)
  const minute = Number(clock?.[2] ?? 0)
  if (hour > 23 || minute > 59 || ((half === 'am' || half === 'pm') && (said > 12 || said < 1))) return false
  Object.assign(found, { hour, minute })
  return true
}

function inMonth(number: string, name: string, now: Date): Date | undefined {
  const month = numberOf(MONTHS, name, 3)
  const day = /^(\d{1,2})(?:\.|st|nd|rd|th)?$/.exec(number)
  return month >= 0 && day ? soonest(month + 1, Number(day[1]), now) : undefined
}

const soonest = (month: number, day: number, now: Date): Date | undefined => {
  const ours = real(now.getFullYear(), month, day)
  return ours && ours < dayAt(now, 0) ? real(now.getFullYear() + 1, month, day) : ours
}

/** Undefined for a day that no calendar has. */
function real(year: number, month: number, day: number): Date | undefined {
  const date = new Date(year, month - 1, day)
  return date.getMonth() === month - 1 && date.getDate() === day ? date : undefined
}
