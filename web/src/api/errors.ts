import { refusals, t } from '../strings'
import type { Problem, ProblemField } from './schema'

/** A refusal or failure of the API: programs look at `code`, people read `message`. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string
  /** Before so many seconds have passed another try is in vain. */
  readonly retryAfterS: number
  readonly fields: Readonly<Record<string, string>>

  constructor(problem: Partial<Problem> & { status: number }, retryAfterS = 0) {
    // What the server says of it is for programs.
    super(problem.code === 'unauthenticated' ? t.app.errorSignedOut : (translated(problem) ?? problem.detail ?? problem.title ?? t.app.errorUnexpected))
    this.name = 'ApiError'
    this.status = problem.status
    this.code = problem.code ?? 'unknown'
    this.retryAfterS = retryAfterS
    this.requestId = problem.request_id ?? ''
    this.fields = Object.fromEntries((problem.errors ?? []).map((error) => [error.field, faultOf(error)]))
  }
}

/** What is wrong with one field, in the language of the page where its code has words there. */
const faultOf = ({ code, message }: ProblemField): string => refusals.faults[code] ?? message

/** The refusal in the language of the page: by its code, or field by field when each of them has words. */
function translated({ code = '', errors }: Partial<Problem>): string | undefined {
  const faults = (errors ?? []).map((error) => {
    const name = refusals.fields[error.field.split('.').at(-1) ?? '']
    const fault = refusals.faults[error.code]
    return name && fault ? `${name} ${fault}.` : undefined
  })
  if (faults.length && !faults.includes(undefined)) return faults.join(' ')
  return refusals.problems[code]
}

/** What the server says of a part that failed, in the language of the page where its code has words there. */
export const told = ({ code, detail }: { code?: string | undefined; detail: string }): string => refusals.problems[code ?? ''] ?? detail

/** The server was not reached: no answer, so nobody knows whether anything was done. */
export class OfflineError extends Error {
  constructor() {
    super(t.app.errorNetwork)
    this.name = 'OfflineError'
  }
}

/** The error of an answer, whatever its body holds. */
export function errorOf(status: number, body: unknown, headers?: Headers): ApiError {
  return new ApiError({ ...(typeof body === 'object' ? (body as Partial<Problem>) : {}), status }, Number(headers?.get('Retry-After')) || 0)
}

/** One sentence for people. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : t.app.errorUnexpected
}

export const isMissing = (error: unknown): boolean => error instanceof ApiError && error.status === 404
export const isForbidden = (error: unknown): boolean => error instanceof ApiError && error.status === 403
export const isStale = (error: unknown): boolean => error instanceof ApiError && error.status === 412
