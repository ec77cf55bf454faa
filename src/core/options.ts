import { UsageError } from './errors'

/**
 * Option schemas: plain data from which the page builds its forms, the command line its flags, and both their
 * validation. Every option has a default, so an empty object is always a valid set of options.
 */
export type OptionSpec =
  | { type: 'boolean'; label: string; help: string; default: boolean }
  | {
      type: 'number'
      label: string
      help: string
      default: number
      min: number
      max: number
      integer?: boolean
      /** e.g. 'bytes', 'dB'. */
      unit?: string
    }
  | { type: 'enum'; label: string; help: string; default: string; values: readonly string[] }
  /** Free text, e.g. a name pattern. */
  | { type: 'text'; label: string; help: string; default: string; maxLength: number }

export type OptionSchema = Readonly<Record<string, OptionSpec>>

type ValueOf<S extends OptionSpec> = S extends { type: 'boolean' }
  ? boolean
  : S extends { type: 'number' }
    ? number
    : S extends { type: 'enum'; values: readonly (infer V)[] }
      ? V
      : string

/** The resolved options that belong to a schema. */
export type OptionsOf<S extends OptionSchema> = { readonly [K in keyof S]: ValueOf<S[K]> }

/**
 * Validates `given` against `schema` and fills in the defaults.
 * Text is accepted for numbers and booleans, because that is what a command line has.
 * @param owner who the options belong to, for messages
 * @throws UsageError naming the option, what was expected and what was found
 */
export function resolveOptions<S extends OptionSchema>(
  schema: S,
  given: Readonly<Record<string, unknown>>,
  owner: string,
): OptionsOf<S> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(schema, name)) {
      const known = Object.keys(schema).join(', ')
      throw new UsageError(`${owner} has no option "${name}". It has: ${known || 'no options'}.`)
    }
  }
  const resolved: Record<string, unknown> = {}
  for (const [name, spec] of Object.entries(schema)) {
    const value = Object.hasOwn(given, name) ? given[name] : spec.default
    resolved[name] = resolveValue(spec, value, `Option "${name}" of ${owner}`)
  }
  return resolved as OptionsOf<S>
}

function resolveValue(spec: OptionSpec, value: unknown, what: string): unknown {
  const found = `not ${JSON.stringify(value)}`
  switch (spec.type) {
    case 'boolean':
      if (value === true || value === 'true' || value === 'on') return true
      if (value === false || value === 'false' || value === 'off') return false
      throw new UsageError(`${what} takes true or false, ${found}.`)
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      const isValid =
        typeof number === 'number' &&
        number >= spec.min &&
        number <= spec.max &&
        (!spec.integer || Number.isInteger(number))
      if (isValid) return number
      const kind = spec.integer ? 'a whole number' : 'a number'
      throw new UsageError(`${what} takes ${kind} from ${spec.min} to ${spec.max}, ${found}.`)
    }
    case 'enum':
      if (typeof value === 'string' && spec.values.includes(value)) return value
      throw new UsageError(`${what} takes one of ${spec.values.join(', ')}, ${found}.`)
    case 'text':
      if (typeof value === 'string' && value.length <= spec.maxLength) return value
      throw new UsageError(`${what} takes text of at most ${spec.maxLength} characters, ${found}.`)
  }
}
