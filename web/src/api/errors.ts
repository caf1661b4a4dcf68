import { t } from '../strings'
import type { Problem } from './schema'

/** A refusal or failure of the API: programs look at `code`, people read `message`. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string
  readonly fields: Readonly<Record<string, string>>

  constructor(problem: Partial<Problem> & { status: number }) {
    // What the server says of it is for programs.
    super(problem.code === 'unauthenticated' ? t.app.errorSignedOut : (problem.detail ?? problem.title ?? t.app.errorUnexpected))
    this.name = 'ApiError'
    this.status = problem.status
    this.code = problem.code ?? 'unknown'
    this.requestId = problem.request_id ?? ''
    this.fields = Object.fromEntries((problem.errors ?? []).map((error) => [error.field, error.message]))
  }
}

/** The server was not reached: no answer, so nobody knows whether anything was done. */
export class OfflineError extends Error {
  constructor() {
    super(t.app.errorNetwork)
    this.name = 'OfflineError'
  }
}

/** The error of an answer, whatever its body holds. */
export function errorOf(status: number, body: unknown): ApiError {
  return new ApiError({ ...(typeof body === 'object' ? (body as Partial<Problem>) : {}), status })
}

/** One sentence for people. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : t.app.errorUnexpected
}

export const isMissing = (error: unknown): boolean => error instanceof ApiError && error.status === 404
export const isForbidden = (error: unknown): boolean => error instanceof ApiError && error.status === 403
export const isStale = (error: unknown): boolean => error instanceof ApiError && error.status === 412
