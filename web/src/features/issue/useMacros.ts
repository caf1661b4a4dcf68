import { useState } from 'react'
import { useCommands } from '../../app/commands'
import { fieldComes } from '../../app/earlyKeys'
import { words } from '../../strings/pages/writing'
import { changeDraft } from './useDraftText'
import { SUGGESTED } from './choices'
import type { MacroState } from './Macros'

/** Which macro is looked at, and the commands that open them whichever text is being written. */
export function useMacros(issueId: string): MacroState {
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState<string>()
  const show = (id?: string) => {
    changeDraft(issueId, { mode: 'reply' })
    setChosen(id)
    if (id === undefined) fieldComes()
    setOpen(true)
  }
  useCommands([
    { id: 'compose.macros', label: words.macros, group: 'compose', keys: ['shift+m'], opens: true, run: () => show() },
    { id: 'compose.macro.suggested', label: words.macroOf(words.suggest), group: 'compose', run: () => show(SUGGESTED) },
  ])
  return { open, chosen, show, choose: setChosen, close: () => setOpen(false) }
}
