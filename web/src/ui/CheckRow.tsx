import type { ReactNode } from 'react'

/** A checkbox with its words beside it; the whole row is its target. */
export function CheckRow({ label, checked, onChange }: { label: ReactNode; checked: boolean; onChange: () => void }) {
  return (
    <label className="flex min-h-7 items-center gap-2 rounded-md hover:bg-hover pointer-coarse:min-h-11">
      <input type="checkbox" checked={checked} onChange={onChange} className="check relative size-6 shrink-0" />
      <span>{label}</span>
    </label>
  )
}
