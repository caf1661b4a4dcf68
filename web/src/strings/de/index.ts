import type { Strings } from '..'
import { app } from './app'
import { inbox } from './inbox'
import { issue } from './issue'

export const de: Strings = { app, inbox, issue }
export { fields, faults, problems } from './problems'
