import { useEffect, useState } from 'react'

/** The value once it has stayed the same for a moment: what is typed is not asked for letter by letter. */
export function useDelayed<T>(value: T, ms = 180): T {
  const [delayed, setDelayed] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setDelayed(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return delayed
}
