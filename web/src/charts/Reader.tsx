type Props = { label: string; count: number; at: number | undefined; say: (index: number) => string; onRead: (index: number | undefined) => void; row?: number }

/**
 * Reads a chart value by value: by arrow keys what the pointer does, heard by screen readers. It lies over the chart, which
 * shows where it is; `row` values further is one down.
 */
export function Reader({ label, count, at, say, onRead, row = 1 }: Props) {
  const now = Math.min(at ?? count - 1, count - 1)
  const step = (by: number) => onRead(Math.max(0, Math.min(count - 1, now + by)))
  return (
    <input
      type="range" min={0} max={count - 1} value={now} aria-label={label} aria-valuetext={say(now)}
      className="pointer-events-none absolute inset-0 m-0 size-full cursor-default opacity-0"
      onFocus={() => onRead(now)} onBlur={() => onRead(undefined)} onChange={(event) => onRead(Number(event.target.value))}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -row, ArrowDown: row }[event.key]
        if (!by) return
        event.preventDefault()
        step(by)
      }}
    />
  )
}

/** Around what a reader reads: shows that the keys are there. */
export const READABLE = 'relative rounded-md has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent'
