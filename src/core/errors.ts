/**
 * Errors that a person will read.
 *
 * Every message says what failed, where (file, byte offset, node or tensor), what was expected and found, and what to
 * do. The class tells callers how to react; its `name` is stable, because a worker boundary carries only name, message
 * and stack (`bridge/` restores the class from it).
 */

/** Base of all expected failures. `assert` below is for our own bugs only. */
export abstract class PlumeError extends Error {
  abstract override readonly name: string
}

/** What to do about a file where nothing better is known. */
export const DAMAGED = 'The file may be damaged or incomplete; fetch it again.'

/** Bytes that are not what their format promises. */
export class FormatError extends PlumeError {
  override readonly name = 'FormatError'
  readonly where: { file: string; offset?: number; hint?: string }

  /**
   * @param problem what is wrong, expected and found, in one sentence without final stop
   * @param where the file, and the byte offset in it where the problem stands
   */
  constructor(problem: string, where: { file: string; offset?: number; hint?: string }) {
    const at = where.offset === undefined ? '' : ` at byte ${where.offset}`
    super(`${where.file}${at}: ${problem}. ${where.hint ?? DAMAGED}`)
    this.where = where
  }
}

/** Shapes that do not fit together. */
export class ShapeError extends PlumeError {
  override readonly name = 'ShapeError'
}

/** A valid request that this version cannot serve. */
export class UnsupportedError extends PlumeError {
  override readonly name = 'UnsupportedError'
}

/** An option, recipe, flag or data set that does not fit what it is for. */
export class UsageError extends PlumeError {
  override readonly name = 'UsageError'
}

/** onnxruntime refused to load or run a model. */
export class RuntimeFailure extends PlumeError {
  override readonly name = 'RuntimeFailure'
  /** Name or operator of the node that onnxruntime blames, where its message names one. */
  readonly node?: string

  constructor(message: string, node?: string) {
    super(message)
    this.node = node
  }
}

/** A device (GPU, WASM memory, disk) that failed or ran out of room. */
export class DeviceError extends PlumeError {
  override readonly name = 'DeviceError'
}

/** The user cancelled. */
export class AbortError extends PlumeError {
  override readonly name = 'AbortError'

  constructor(message = 'Cancelled') {
    super(message)
  }
}

/** Throws `AbortError` once `signal` is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortError()
}

/** Guards our own invariants; a failure is a bug in Plume, never bad input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Bug in Plume: ${message}`)
}
