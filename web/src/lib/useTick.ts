import { useEffect, useReducer } from 'react'

/** Draws the component anew every so often, for what tells how long something takes; not without a number. */
export function useTick(milliseconds: number | undefined): void {
  const [, tick] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    if (milliseconds === undefined) return
    const timer = setInterval(tick, milliseconds)
    return () => clearInterval(timer)
  }, [milliseconds])
}
