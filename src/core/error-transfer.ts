import {
  AbortError,
  DeviceError,
  FormatError,
  RuntimeFailure,
  ShapeError,
  UnsupportedError,
  UsageError,
} from './errors'

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

/** Comlink's table of handlers, as far as it is used; `core` does not depend on the package. */
interface HandlerTable {
  get(name: 'throw'): unknown
  set(name: 'throw', handler: unknown): unknown
}

/** The part of Comlink's TransferHandler that is kept. */
interface Recognizer {
  canHandle(value: unknown): boolean
}

/**
 * Makes Comlink keep the class and fields of thrown errors (H28); by itself it carries name, message and stack.
 * Both sides of every channel call this once.
 * @param handlers Comlink's `transferHandlers`
 */
export function keepErrorClasses(handlers: HandlerTable): void {
  const { canHandle } = handlers.get('throw') as Recognizer
  handlers.set('throw', {
    canHandle,
    serialize: ({ value }: { value: unknown }) => [toRecord(value), []],
    deserialize(record: ErrorRecord) {
      throw fromRecord(record)
    },
  })
}
