import type { Strings } from '..'
import { app } from './app'
import { auth } from './auth'
import { compose } from './compose'
import { copilot } from './copilot'
import { inbox } from './inbox'
import { issue } from './issue'
import { resolve } from './resolve'

export const de: Strings = { app, auth, inbox, issue, resolve, compose, copilot }
