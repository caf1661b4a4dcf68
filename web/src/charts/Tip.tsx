import type { ReactNode } from 'react'

/** What is under the pointer, beside it; never over the edge. */
export function Tip({ x, y, width, children }: { x: number; y: number; width: number; children: ReactNode }) {
  const side = x > width / 2 ? { right: width - x + 10 } : { left: x + 10 }
  return (
    <div aria-hidden className="pointer-events-none absolute z-10 rounded-md border border-line bg-raised px-2.5 py-1.5 text-xs whitespace-nowrap text-fg shadow-pop" style={{ top: y, ...side }}>
      {children}
    </div>
  )
}
