import { useSyncExternalStore } from 'react'

/** What a person prefers on this device. index.html reads theme and density before the first paint. */
export type Prefs = {
  theme: 'system' | 'light' | 'dark'
  density: 'comfortable' | 'compact'
  /** Shortcuts of a single key; WCAG 2.1.4 wants a way to switch them off. */
  singleKeys: boolean
  language?: string
  copilotOpen: boolean
}
const DEFAULTS: Prefs = { theme: 'system', density: 'comfortable', singleKeys: true, copilotOpen: true }
const KEY = 'prefs'

function read(): Prefs {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Prefs>) }
  } catch {
    return DEFAULTS
  }
}

let prefs = read()
const listeners = new Set<() => void>()

export const getPrefs = (): Prefs => prefs

export function setPrefs(change: Partial<Prefs>): void {
  prefs = { ...prefs, ...change }
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs))
  } catch { /* storage is full or off: the choice holds until the page is left */ }
  apply()
  for (const listener of listeners) listener()
}

export function usePrefs(): Prefs {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, getPrefs)
}

const dark = matchMedia('(prefers-color-scheme: dark)')

/** The theme that is shown. */
export const shownTheme = (): 'light' | 'dark' => (prefs.theme === 'system' ? (dark.matches ? 'dark' : 'light') : prefs.theme)

function apply(): void {
  const { dataset } = document.documentElement
  if (dataset.theme !== shownTheme()) changeTheme(dataset)
  dataset.density = prefs.density
}

/** Colours change at once: passing over one by one, element by inheriting element, would take a second of a large page. */
function changeTheme(dataset: DOMStringMap): void {
  dataset.still = ''
  dataset.theme = shownTheme()
  getComputedStyle(document.body).getPropertyValue('color') // the styles are computed now, while nothing may pass over
  delete dataset.still
}

dark.addEventListener('change', apply)
addEventListener('storage', (event) => {
  if (event.key !== KEY) return
  prefs = read()
  apply()
  for (const listener of listeners) listener()
})
