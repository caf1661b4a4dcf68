import type { assist as en } from '../en/assist'

export const assist: typeof en = {
  rewrite: 'Anders sagen',
  rewriting: 'Copilot formuliert deinen Text um',
  manner: { shorter: 'Kürzer', warmer: 'Wärmer', formal: 'Förmlicher', simpler: 'Einfacher' },
  translate: (language) => `Übersetzen: ${language}`,
  rewritten: 'Text umformuliert',
  asItWas: 'Der Text bleibt, wie er war',
  wentOn: 'Du hast weitergeschrieben, darum blieb dein Text, wie er ist.',
  ask: 'Zu diesem Anliegen fragen',
  askHint: 'Um welche Bestellung geht es?',
  send: 'Fragen',
  looking: 'Copilot sucht eine Antwort',
  answered: 'Die Antwort ist da',
  forYou: 'Nur für dich: Sie kann interne Notizen zitieren.',
  noAnswer: 'Weder das Gespräch noch die Wissensbasis noch ähnliche Anliegen beantworten das.',
  missing: 'Fehlt noch',
  missingFailed: 'Was fehlt, ließ sich nicht feststellen.',
  askFor: 'Danach fragen',
  askForThis: (question) => `Danach fragen: ${question}`,
}
