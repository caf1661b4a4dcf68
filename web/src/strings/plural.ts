/** `plural('en', 2, '1 issue', '2 issues')`: for languages that tell one from many, as all of ours do. */
export function plural(count: number, one: string, other: string): string {
  return count === 1 ? one : other
}

/** A name for a sentence: one that is written from right to left turns none of our words around. */
export const isolated = (name: string): string => (/[\u0590-\u08ff\ufb1d-\ufefc]/.test(name) ? `\u2068${name}\u2069` : name)
