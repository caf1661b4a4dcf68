import { generate } from 'lean-qr'
import { useMemo } from 'react'

const QUIET = 4

/** A QR code as one path, with the margin that readers need. */
export function QrCode({ label, text }: { label: string; text: string }) {
  const { size, path } = useMemo(() => {
    const code = generate(text)
    const cells = Array.from({ length: code.size * code.size }, (_, index) => [index % code.size, Math.floor(index / code.size)] as const)
    const dark = cells.filter(([x, y]) => code.get(x, y)).map(([x, y]) => `M${x + QUIET} ${y + QUIET}h1v1h-1z`)
    return { size: code.size + 2 * QUIET, path: dark.join('') }
  }, [text])
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" className="size-44 shrink-0 rounded-md border border-line bg-paper text-ink forced-color-adjust-none">
      <path d={path} className="fill-current" />
    </svg>
  )
}
