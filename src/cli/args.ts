import { parseArgs } from 'node:util'
import { UsageError } from '../core/errors'

/** A command line that cannot be meant: exit status 2. Bad files and data are other errors, with status 1. */
export class FlagError extends UsageError {}

/** Runs `check` on what a flag said; what it finds wrong is wrong usage. */
export function asFlag<T>(check: () => T): T {
  try {
    return check()
  } catch (error) {
    throw error instanceof UsageError ? new FlagError(error.message) : error
  }
}

/** One flag of a command, as `--help` prints it. */
export interface Flag {
  /** 'text' takes a value. */
  type: 'text' | 'switch'
  /** May be given several times. */
  many?: boolean
  short?: string
  /** Shown in place of the value, e.g. 'OUT'. */
  value?: string
  help: string
}

export type Flags = Readonly<Record<string, Flag>>

export interface ParsedArgs {
  readonly files: readonly string[]
  text(name: string): string | undefined
  texts(name: string): readonly string[]
  has(name: string): boolean
}

/** Flags that every command takes. */
export const COMMON_FLAGS: Flags = {
  json: { type: 'switch', help: 'print one JSON document on stdout, and nothing else there' },
  backend: {
    type: 'text',
    value: 'auto|webgpu|wasm|reference',
    help: 'which kernels to use (default auto; see docs/webgpu.md)',
  },
  seed: { type: 'text', value: 'N', help: 'seed of everything random (default 0)' },
  quiet: { type: 'switch', help: 'no progress on stderr' },
  help: { type: 'switch', short: 'h', help: 'this text' },
}

/** @throws FlagError naming the flag */
export function parseFlags(args: readonly string[], flags: Flags, command: string): ParsedArgs {
  const all = { ...flags, ...COMMON_FLAGS }
  let parsed
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      strict: true,
      options: Object.fromEntries(
        Object.entries(all).map(([name, flag]) => [
          name,
          {
            type: flag.type === 'text' ? ('string' as const) : ('boolean' as const),
            multiple: flag.many ?? false,
            ...(flag.short && { short: flag.short }),
          },
        ]),
      ),
    })
  } catch (error) {
    const [problem] = (error as Error).message.split(/\.(?:\s|$)/)
    throw new FlagError(`${problem}. See plume ${command} --help.`)
  }
  const values = parsed.values as Record<string, string | boolean | (string | boolean)[] | undefined>
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined)
  return {
    files: parsed.positionals,
    text,
    texts: (name) => {
      const value = values[name]
      return Array.isArray(value) ? value.map(String) : []
    },
    has: (name) => values[name] === true,
  }
}

export function wholeNumber(parsed: ParsedArgs, name: string, fallback: number, max = 0xffffffff): number {
  const text = parsed.text(name)
  if (text === undefined) return fallback
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0 && value <= max && text.trim() !== '') return value
  throw new FlagError(`--${name} takes a whole number from 0 to ${max}, not "${text}".`)
}

/** The help page of one command. */
export function helpText(command: string, usage: string, what: string, flags: Flags): string {
  const rows = Object.entries({ ...flags, ...COMMON_FLAGS }).map(([name, flag]) => {
    const left = `  ${flag.short ? `-${flag.short}, ` : ''}--${name}${flag.type === 'text' ? ` ${flag.value ?? 'TEXT'}` : ''}`
    return `${left.padEnd(34)} ${flag.help}`
  })
  return `${what}\n\n  plume ${command} ${usage}\n\n${rows.join('\n')}\n`
}
