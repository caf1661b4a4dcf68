import { useEffect, useRef, useState, type ReactNode } from 'react'
import { cx } from '.'

/** What is wider than a phone: scrolled sideways, by keys too, with its edge faded as long as more of it is beyond. */
export function SideScroll({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const [more, setMore] = useState(false)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const look = () => setMore(element.scrollWidth - element.scrollLeft - element.clientWidth > 1)
    const resized = new ResizeObserver(look)
    resized.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      resized.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])
  return (
    <div className={cx('relative', className)}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keys */}
      <div ref={box} role="region" aria-label={label} tabIndex={0} className="relative overflow-x-auto">{children}</div>
      <span aria-hidden className={cx('pointer-events-none absolute inset-y-0 right-0 w-12 bg-linear-to-l from-panel to-transparent transition-opacity', !more && 'opacity-0')} />
    </div>
  )
}
