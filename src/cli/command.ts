import type { Flags, ParsedArgs } from './args'
import type { Terminal } from './environment'

/** One `plume` command. */
export interface Command {
  readonly name: string
  /** What stands behind the name, e.g. 'FILE… -o OUT'. */
  readonly usage: string
  /** One line. */
  readonly help: string
  readonly flags: Flags
  /** Returns the JSON document of `--json`, and prints the text form itself when that was not asked for. */
  run(args: ParsedArgs, terminal: Terminal): Promise<unknown>
}
