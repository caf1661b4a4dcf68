import { sentence } from '../api/errors'
import { t } from '../strings'

/** Short messages at the corner; the part that draws them is loaded after the first paint. */
export type ToastItem = { title: string; tone?: 'plain' | 'error'; timeout?: number; undo?: () => void; description?: string }
/** One that is drawn or waits for it: how to take it away, and what to call when it goes by itself. */
export type Told = ToastItem & { leave: () => void; onGone?: () => void }

let draw: ((told: Told) => void) | undefined
let waiting: readonly Told[] = []

/** Shows a message; what is returned takes it away, with what it offered to take back. */
export function toast(item: ToastItem): () => void {
  const told: Told = { ...item, leave: () => { waiting = waiting.filter((one) => one !== told) } }
  if (item.undo) {
    const { step, withdraw } = offerUndo(() => {
      told.leave()
      item.undo?.()
    })
    Object.assign(told, { undo: step, onGone: withdraw })
  }
  if (draw) draw(told)
  else waiting = [...waiting, told]
  return () => {
    told.onGone?.()
    told.leave()
  }
}

export function attachToasts(drawing: (told: Told) => void): () => void {
  draw = drawing
  const before = waiting
  waiting = []
  before.forEach(draw)
  return () => { draw = undefined }
}

/** Tells of what was tried and did not work. */
export function failed(error: unknown): void {
  toast({ title: t.app.errorTitle, description: sentence(error), tone: 'error' })
}

type Step = () => void
/** What `z` takes back, the newest last: from the moment it is done, before anything of it is drawn. */
let steps: readonly Step[] = []
const listeners = new Set<() => void>()

function setSteps(next: readonly Step[]): void {
  steps = next
  for (const listener of listeners) listener()
}

export const newestStep = (): Step | undefined => steps.at(-1)
export const onSteps = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Lets `z` take something back, once, until it is withdrawn. */
export function offerUndo(undo: () => void): { step: Step; withdraw: () => void } {
  const withdraw = (): void => setSteps(steps.filter((one) => one !== step))
  const step = (): void => {
    if (!steps.includes(step)) return
    withdraw()
    undo()
  }
  setSteps([...steps, step])
  return { step, withdraw }
}
