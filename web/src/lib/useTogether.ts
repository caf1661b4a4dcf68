import { useEffect, useState } from 'react'

/** So long, in ms, what is there waits for what would come in above it and push it down. */
const MOST_WAIT_MS = 1200

/** True once all is there, at the latest a moment after the first: so that a page is drawn once and nothing on it jumps. */
export function useTogether(first: boolean, all: boolean): boolean {
  const [stands, setStands] = useState(all)
  if (all && !stands) setStands(true)
  useEffect(() => {
    if (!first || stands) return undefined
    const timer = setTimeout(() => setStands(true), MOST_WAIT_MS)
    return () => clearTimeout(timer)
  }, [first, stands])
  return stands
}
