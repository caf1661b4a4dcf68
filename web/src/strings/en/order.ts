export const order = {
  points: (points: number) => `${points} points`,
  why: (points: number) => `Why here: ${points} points`,
  severity: (word: string) => `severity ${word}`,
  unrated: 'severity not known yet',
  broken: (time: string) => `response promise broken ${time} ago`,
  due: (time: string) => `response due in ${time}`,
  waits: (time: string) => `the customer waits, ${time}`,
  risk: (word: string) => `${word} risk of a bad rating`,
  risks: { high: 'high', medium: 'medium', low: 'low' },
  plan: (name: string) => `plan ${name}`,
  theirTurn: 'it is the customer’s turn',
  over: 'it is over',
}
