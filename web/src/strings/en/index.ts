import { app } from './app'
import { inbox } from './inbox'
import { issue } from './issue'

export const en = { app, inbox, issue }
