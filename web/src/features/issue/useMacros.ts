import { useState } from 'react'
import { useCommands } from '../../app/commands'
import { typeAhead } from '../../app/keys'
import { words } from '../../strings/pages/writing'
import { changeDraft } from './useDraftText'
import { SUGGESTED } from './choices'
import type { MacroState } from './Macros'

/** Which macro is looked at, and the commands that open them whichever text is being written. */
export function useMacros(issueId: string): MacroState {
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState<string>()
  const [typed, setTyped] = useState('')
  const show = (id?: string) => {
    changeDraft(issueId, { mode: 'reply' })
    setChosen(id)
    setTyped('')
    if (id === undefined) typeAhead((more) => setTyped((before) => before + more.trimStart()))
    setOpen(true)
  }
  useCommands([
    { id: 'compose.macros', label: words.macros, group: 'compose', keys: ['shift+m'], run: () => show() },
    { id: 'compose.macro.suggested', label: words.macroOf(words.suggest), group: 'compose', run: () => show(SUGGESTED) },
  ])
  return { open, chosen, typed, show, choose: setChosen, close: () => setOpen(false) }
}
