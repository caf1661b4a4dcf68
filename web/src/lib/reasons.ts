import type { ReasonCode } from '../api/schema'
import { locale, t } from '../strings'
import { t as work } from '../strings/work'
import { reasons, rules } from '../strings/pages/reasons'
import { duration } from './moments'
import { capital, languageName, topicName } from './names'

type Code = ReasonCode | null | undefined

/** A sentence of the server in the language of the page; as it came where there are no words for its code. */
export function said(sentence: string, code: Code): string {
  const words = code && reasons[code.code]
  return words ? words.replace(/\{(\w+)\}/g, (_, name: string) => value(name, code.values?.[name] ?? '')) : sentence
}

export const saidAll = (sentences: readonly string[] = [], codes: readonly Code[] = []): string[] =>
  sentences.map((sentence, index) => said(sentence, codes[index]))

function value(name: string, given: string | number): string {
  if (name === 'hours') return duration(Number(given))
  if (name === 'plan') return capital(String(given))
  if (name === 'severity') return t.issue.severity[given as keyof typeof t.issue.severity] ?? String(given)
  if (name === 'language' || name === 'other_language') return languageName(String(given))
  if (name === 'mood' || name === 'other_mood') return (work.copilot.sentimentLabel as Record<string, string>)[given]?.toLocaleLowerCase() ?? String(given)
  if (name === 'topic') return topicName(String(given))
  if (name === 'rules') return String(given).split(', ').map((rule) => rules[rule] ?? rule).join(', ')
  return typeof given === 'number' ? new Intl.NumberFormat(locale).format(given) : given
}
