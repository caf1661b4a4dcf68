import { sentence } from '../api/errors'
import { t } from '../strings'

/** Short messages at the corner; the part that draws them is loaded after the first paint. */
export type ToastItem = { title: string; tone?: 'plain' | 'error'; timeout?: number; undo?: () => void; description?: string }

let show: ((item: ToastItem) => void) | undefined
const waiting: ToastItem[] = []

export function toast(item: ToastItem): void {
  if (show) show(item)
  else waiting.push(item)
}

export function attachToasts(draw: (item: ToastItem) => void): () => void {
  show = draw
  waiting.splice(0).forEach(draw)
  return () => { show = undefined }
}

/** Tells of what was tried and did not work. */
export function failed(error: unknown): void {
  toast({ title: t.app.errorTitle, description: sentence(error), tone: 'error' })
}
