import { useEffect, useRef, useSyncExternalStore } from 'react'

export type CommandGroup = 'navigate' | 'page' | 'list' | 'issue' | 'compose' | 'copilot' | 'app'

/** Something a person can do: by key, in the command menu and, where it is near, by a button that calls `run`. */
export type Command = {
  id: string
  label: string
  group: CommandGroup
  /** `j`, `shift+j`, `mod+enter`, `g m` (one after the other); several mean the same. */
  keys?: readonly string[]
  /** Not in the menu: moves of a cursor that make no sense there. Still in the help sheet. */
  keysOnly?: boolean
  /** Also while somebody types; only for keys with mod. */
  whileTyping?: boolean
  /** Wins over others of the same keys, wherever they stand: what is chosen goes before what is open. */
  first?: boolean
  run: () => void
}

const sets = new Map<symbol, readonly Command[]>()
const listeners = new Set<() => void>()
let all: readonly Command[] = []

function changed(): void {
  // What was added later stands for a part of the page that is nearer: it wins over an earlier one of the same id.
  const byId = new Map([...sets.values()].flat().map((command) => [command.id, command]))
  all = [...byId.values()]
  for (const listener of listeners) listener()
}

export const allCommands = (): readonly Command[] => all

export function findCommand(keys: string): Command | undefined {
  const fit = all.filter((command) => command.keys?.includes(keys))
  return fit.findLast((command) => command.first) ?? fit.at(-1)
}

/** Whether any command starts with this key and goes on with another. */
export const startsSequence = (key: string): boolean => all.some((command) => command.keys?.some((keys) => keys.startsWith(`${key} `)))

/** Runs a command by its id; nothing happens where it is not offered. */
export const runCommand = (id: string): void => all.find((command) => command.id === id)?.run()

/** Offers commands while the component is shown. They may be made anew at each rendering. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands)
  useEffect(() => {
    latest.current = commands
  })
  const shape = commands.map((command) => `${command.id}|${command.label}|${command.keys?.join() ?? ''}`).join('\n')
  useEffect(() => {
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
