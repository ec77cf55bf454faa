import { transferHandlers, type TransferHandler } from 'comlink'
import {
  AbortError,
  DeviceError,
  FormatError,
  PlumeError,
  RuntimeFailure,
  ShapeError,
  UnsupportedError,
  UsageError,
} from '../core/errors'

/** An error as plain data. `where` belongs to FormatError, `node` to RuntimeFailure. */
interface ErrorRecord {
  readonly name: string
  readonly message: string
  readonly stack?: string
  readonly where?: FormatError['where']
  readonly node?: string
}

const SIMPLE = { ShapeError, UnsupportedError, UsageError, DeviceError, AbortError } as const

function toRecord(error: unknown): ErrorRecord {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(error instanceof FormatError && { where: { ...error.where } }),
    ...(error instanceof RuntimeFailure && error.node !== undefined && { node: error.node }),
  }
}

function fromRecord(record: ErrorRecord): Error {
  const error = build(record)
  // FormatError composes its message anew and other classes may do so one day; what was thrown is what is shown
  error.message = record.message
  if (record.stack !== undefined) error.stack = record.stack
  return error
}

function build({ name, message, where, node }: ErrorRecord): Error {
  if (name === 'FormatError' && where) return new FormatError(message, where)
  if (name === 'RuntimeFailure') return new RuntimeFailure(message, node)
  if (Object.hasOwn(SIMPLE, name)) return new SIMPLE[name as keyof typeof SIMPLE](message)
  return Object.assign(new Error(message), { name })
}

/**
 * Makes Comlink keep the class and fields of thrown errors (H28); by itself it carries name, message and stack.
 * Both sides of every channel call this once.
 */
export function keepErrorClasses(): void {
  const original = transferHandlers.get('throw') as TransferHandler<{ value: unknown }, unknown>
  const handler: TransferHandler<{ value: unknown }, ErrorRecord> = {
    canHandle: original.canHandle,
    serialize: ({ value }) => [toRecord(value), []],
    deserialize(record) {
      throw fromRecord(record)
    },
  }
  transferHandlers.set('throw', handler)
}

/** Whether an error is an expected failure with a message for people. */
export function isExpected(error: unknown): error is PlumeError {
  return error instanceof PlumeError
}
