/** A message parted at the quote of earlier mail or at the signature: what is new, and the rest. */
export function splitQuoted(body: string): { fresh: string; rest: string } {
  const lines = body.split('\n')
  const at = lines.findIndex((line, index) => index > 0 && (/^-- ?$/.test(line) || /^>/.test(line) || /^(On .+ wrote:|Am .+ schrieb .+:)$/.test(line) || /^-{3,} ?(Original|Forwarded)/.test(line)))
  return at < 1 ? { fresh: body, rest: '' } : { fresh: lines.slice(0, at).join('\n').trimEnd(), rest: lines.slice(at).join('\n') }
}

/** Whether that rest of a message is a signature alone, with no earlier mail below it. */
export const isSignature = (rest: string): boolean => /^-- ?\n/.test(rest) && splitQuoted(rest).rest === ''
