/** Positions of at most `most` of `count` labels, spread evenly, the first among them. */
export function spread(count: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(count / Math.max(1, most)))
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step)
}

const Z = 1.96

/** Where a share lies in truth, by 19 of 20 chances, when `hits` of `count` were seen (Wilson's interval). */
export function likelyShare(hits: number, count: number): [number, number] {
  if (count === 0) return [0, 1]
  const share = hits / count
  const middle = share + Z ** 2 / (2 * count)
  const reach = Z * Math.sqrt((share * (1 - share)) / count + Z ** 2 / (4 * count ** 2))
  const whole = 1 + Z ** 2 / count
  return [Math.max(0, (middle - reach) / whole), Math.min(1, (middle + reach) / whole)]
}
