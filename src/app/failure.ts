import { DAMAGED, FormatError, PlumeError, RuntimeFailure } from '../core/errors'
import { saySpans, t, type Span } from './text'
import { whole } from './numbers'

/** An error as a card shows it: what, where, what to do. Its words follow the language when that is switched. */
export interface Failure {
  readonly title: string
  readonly what: readonly Span[]
  readonly where: string | null
  readonly todo: readonly Span[]
  /** For a bug report, in English. */
  readonly details: string
}

export function describeFailure(error: unknown, file: string): Failure {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  if (!(error instanceof PlumeError)) return bug(message, file, stack ?? message)
  if (error instanceof FormatError) return formatFailure(error)
  const node = error instanceof RuntimeFailure ? error.node : undefined
  return {
    get title() {
      return t.failure.titles[name] ?? t.failure.bug
    },
    get what() {
      return saySpans(message)
    },
    get where() {
      return node ? `${file}, ${t.failure.node(node)}` : file
    },
    get todo() {
      return words(t.failure.todos[name] ?? t.failure.bugTodo)
    },
    details: `${name}: ${message}`,
  }
}

/** A FormatError's message is "file at byte N: problem. hint"; the card shows the three apart. */
function formatFailure({ name, message, where: { file, offset, hint } }: FormatError): Failure {
  const place = offset === undefined ? file : `${file} at byte ${offset}`
  const rest = message.startsWith(`${place}: `) ? message.slice(place.length + 2) : message
  const advice = hint ?? DAMAGED
  const problem = rest.endsWith(advice) ? rest.slice(0, -advice.length).trim() : rest
  return {
    get title() {
      return t.failure.titles[name] ?? t.failure.bug
    },
    get what() {
      return saySpans(problem)
    },
    get where() {
      return offset === undefined ? file : t.failure.atByte(file, whole(offset))
    },
    get todo() {
      return saySpans(advice)
    },
    details: `${name}: ${message}`,
  }
}

function bug(message: string, file: string, details: string): Failure {
  return {
    get title() {
      return t.failure.bug
    },
    get what() {
      return saySpans(message)
    },
    where: file,
    get todo() {
      return words(t.failure.bugTodo)
    },
    details,
  }
}

const words = (text: string): Span[] => [{ text, isEnglish: false }]
