/** Up to two letters that stand for a person. */
export const initials = (name: string): string =>
  [...name.trim().split(/\s+/)].slice(0, 2).map((word) => [...word][0] ?? '').join('').toUpperCase() || '?'

/** A hue that is always the same for a name. */
export const hueOf = (name: string): number => [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7)

export const firstName = (name: string): string => name.trim().split(/\s+/)[0] ?? name

export const percent = (share: number): number => Math.round(share * 100)

/** A message parted at the quote of earlier mail or at the signature: what is new, and the rest. */
export function splitQuoted(body: string): { fresh: string; rest: string } {
  const lines = body.split('\n')
  const at = lines.findIndex((line, index) => index > 0 && (/^-- ?$/.test(line) || /^>/.test(line) || /^(On .+ wrote:|Am .+ schrieb .+:)$/.test(line) || /^-{3,} ?(Original|Forwarded)/.test(line)))
  return at < 1 ? { fresh: body, rest: '' } : { fresh: lines.slice(0, at).join('\n').trimEnd(), rest: lines.slice(at).join('\n') }
}
