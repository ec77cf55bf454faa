import { AbortError, PlumeError } from '../core/errors'
import { oneLine } from '../core/one-line'
import { APP_VERSION } from '../jobs/ports'
import { FlagError, helpText, parseFlags } from './args'
import type { Command } from './command'
import { bench } from './commands/bench'
import { compress } from './commands/compress'
import { convert } from './commands/convert'
import { doctor } from './commands/doctor'
import { evaluate } from './commands/evaluate'
import { inspect } from './commands/inspect'
import { recipe } from './commands/recipe'
import { run } from './commands/run'
import { sensitivity } from './commands/sensitivity'
import { sweep } from './commands/sweep'
import { train } from './commands/train'
import { createTerminal } from './environment'
import { removeUnfinished } from './files'

const COMMANDS: readonly Command[] = [
  inspect,
  compress,
  train,
  evaluate,
  sensitivity,
  sweep,
  run,
  convert,
  recipe,
  bench,
  doctor,
]

/** Exit status of the contract: 0 done, 1 failed, 2 wrong usage. */
const FAILED = 1
const WRONG_USAGE = 2
/** 128 + the number of the signal, as shells expect of an interrupted program. */
const INTERRUPTED = 130
const SIGNALS = { SIGINT: INTERRUPTED, SIGTERM: 143, SIGHUP: 129 } as const

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name === '--version') {
    process.stdout.write(`${APP_VERSION}\n`)
    return 0
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(overview())
    return name === undefined ? WRONG_USAGE : 0
  }
  const command = COMMANDS.find((candidate) => candidate.name === name)
  if (!command) {
    process.stderr.write(`plume: there is no command "${oneLine(name)}".\n\n${overview()}`)
    return WRONG_USAGE
  }
  return runCommand(command, rest)
}

async function runCommand(command: Command, argv: readonly string[]): Promise<number> {
  const interrupt = new AbortController()
  for (const [signal, status] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      interrupt.abort()
      // onnxruntime runs synchronously in this process and cannot be asked to stop; the files it left are removed.
      void removeUnfinished().then(() => process.exit(status))
    })
  }
  let finish = () => {}
  try {
    const args = parseFlags(argv, command.flags, command.name)
    if (args.has('help')) {
      process.stdout.write(helpText(command.name, command.usage, command.help, command.flags))
      return 0
    }
    const session = createTerminal(args.has('json'), args.has('quiet'), interrupt.signal)
    finish = session.finish
    const result = await command.run(args, session.terminal)
    finish()
    if (args.has('json')) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
    return hasFailures(result) ? FAILED : 0
  } catch (error) {
    finish()
    return explainFailure(error, command.name)
  }
}

/** Several files: those that could be done are done, and the exit status tells that one failed. */
function hasFailures(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'failed' in result && Number(result.failed) > 0
}

function explainFailure(error: unknown, command: string): number {
  if (error instanceof AbortError) {
    process.stderr.write('Cancelled.\n')
    return INTERRUPTED
  }
  if (error instanceof PlumeError) {
    const message = oneLine(error.message, MAX_MESSAGE)
    process.stderr.write(message.startsWith(`plume ${command} `) ? `${message}\n` : `plume ${command}: ${message}\n`)
    return error instanceof FlagError ? WRONG_USAGE : FAILED
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`plume ${command}: this is a bug in Plume, please report it.\n${text}\n`)
  return FAILED
}

/** Paths have up to 4096 characters; a message of that length is still one sentence. */
const MAX_MESSAGE = 6000

function overview(): string {
  const rows = COMMANDS.map(({ name, usage, help }) => `  plume ${`${name} ${usage}`.padEnd(44)} ${help}`)
  return `Plume ${APP_VERSION}: makes AI models smaller and proves that they still work. Nothing leaves this machine.\n\n${rows.join('\n')}\n\nplume COMMAND --help tells more.\n`
}

// Who reads the output may stop early (`| head`); the files are written all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await main(process.argv.slice(2))
