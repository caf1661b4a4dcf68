import { useLayoutEffect, useRef, useSyncExternalStore } from 'react'

export type CommandGroup = 'navigate' | 'page' | 'list' | 'issue' | 'compose' | 'copilot' | 'app'

/** Something a person can do: by key, in the command menu and, where it is near, by a button that calls `run`. */
export type Command = {
  id: string
  label: string
  group: CommandGroup
  /** `j`, `shift+j`, `mod+enter`, `g m` (one after the other); several mean the same. */
  keys?: readonly string[]
  /** A move of the cursor, which a held key repeats; the last in the menu. */
  keysOnly?: boolean
  /** Also while somebody types; only for keys with mod. */
  whileTyping?: boolean
  /** Wins over others of the same keys, wherever they stand: what is chosen goes before what is open. */
  first?: boolean
  /** It opens what takes the next keys. */
  opens?: boolean
  run: () => void
}

const sets = new Map<symbol, readonly Command[]>()
const listeners = new Set<() => void>()
let all: readonly Command[] | undefined

function changed(): void {
  // Put together when it is asked for: many parts of a page come and go at once.
  all = undefined
  for (const listener of listeners) listener()
}

// What was added later stands for a part of the page that is nearer: it wins over an earlier one of the same id.
export const allCommands = (): readonly Command[] =>
  (all ??= [...new Map([...sets.values()].flat().map((command) => [command.id, command])).values()])

export function findCommand(keys: string): Command | undefined {
  const fit = allCommands().filter((command) => command.keys?.includes(keys))
  return fit.findLast((command) => command.first) ?? fit.at(-1)
}

/** Whether any command starts with this key and goes on with another. */
export const startsSequence = (key: string): boolean => allCommands().some((command) => command.keys?.some((keys) => keys.startsWith(`${key} `)))

/** Runs a command by its id; nothing happens where it is not offered. */
export const runCommand = (id: string): void => allCommands().find((command) => command.id === id)?.run()

/** Offers commands from when the component is shown, not a moment later: keys may be pressed at once. They may be made anew at each rendering. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands)
  useLayoutEffect(() => {
    latest.current = commands
  })
  const shape = commands.map((command) => `${command.id}|${command.label}|${command.keys?.join() ?? ''}`).join('\n')
  useLayoutEffect(() => {
    const key = Symbol()
    const wrapped = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find((one) => one.id === command.id)?.run(),
    }))
    sets.set(key, wrapped)
    changed()
    return () => {
      sets.delete(key)
      changed()
    }
  }, [shape])
}

export const useAllCommands = (): readonly Command[] =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, allCommands)
