/** Up to two letters that stand for a person. */
export const initials = (name: string): string =>
  [...name.trim().split(/\s+/)].slice(0, 2).map((word) => [...word][0] ?? '').join('').toUpperCase() || '?'

/** A hue that is always the same for a name. */
export const hueOf = (name: string): number => [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7)

export const firstName = (name: string): string => name.trim().split(/\s+/)[0] ?? name

export const percent = (share: number): number => Math.round(share * 100)
