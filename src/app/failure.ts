import { FormatError, PlumeError, RuntimeFailure } from '../core/errors'
import { t } from './text'
import { whole } from './numbers'

/** An error as a card shows it: what, where, what to do. */
export interface Failure {
  readonly title: string
  readonly what: string
  readonly where: string | null
  readonly todo: string
  /** For a bug report. */
  readonly details: string
}

export function describeFailure(error: unknown, file: string): Failure {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  const isExpected = error instanceof PlumeError
  const details = isExpected ? `${name}: ${message}` : (stack ?? message)
  if (!isExpected) return { title: t.failure.bug, what: message, where: file, todo: t.failure.bugTodo, details }
  const title = t.failure.titles[name] ?? t.failure.bug
  if (error instanceof FormatError) return { title, ...splitFormatError(error), details }
  const node = error instanceof RuntimeFailure && error.node ? `, ${t.failure.node(error.node)}` : ''
  return { title, what: message, where: `${file}${node}`, todo: t.failure.todos[name] ?? t.failure.bugTodo, details }
}

/** A FormatError's message is "file at byte N: problem. hint"; the card shows the three apart. */
function splitFormatError({ message, where }: FormatError): Pick<Failure, 'what' | 'where' | 'todo'> {
  const { file, offset, hint } = where
  const place = offset === undefined ? file : `${file} at byte ${offset}`
  const rest = message.startsWith(`${place}: `) ? message.slice(place.length + 2) : message
  const advice = hint ?? (t.failure.todos['FormatError'] as string)
  return {
    what: rest.endsWith(advice) ? rest.slice(0, -advice.length).trim() : rest,
    where: offset === undefined ? file : t.failure.atByte(file, whole(offset)),
    todo: advice,
  }
}
