import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createBackend, type BackendChoice } from '../backends'
import engineWasmUrl from '../../build/wasm/engine.wasm?url&no-inline'
import engineRelaxedWasmUrl from '../../build/wasm/engine-relaxed.wasm?url&no-inline'
import quantizeWasmUrl from '../../build/wasm/quantize.wasm?url&no-inline'
import type { Machine } from '../backends/machine'
import { chooseEngine } from '../backends/wasm/engine-module'
import { createWasmMachine } from '../backends/wasm/machine'
import type { Bytes } from '../core/bytes'
import { plainLines } from '../core/one-line'
import type { Note, OnProgress } from '../core/progress'
import type { JobPorts } from '../jobs/ports'
import type { RunPorts } from '../jobs/run/run'
import { createNodeRuntime } from '../runtime/onnxruntime-node'
import type { Runtime } from '../runtime/runtime'
import { FlagError, type ParsedArgs } from './args'
import { TerminalProgress } from './terminal'

/** Where a command prints and how it is interrupted. */
export interface Terminal {
  /** Text for people; nothing when `--json` was asked for. */
  print(text: string): void
  readonly signal: AbortSignal
  readonly onProgress: OnProgress
  readonly notes: Note[]
}

export function createTerminal(isJson: boolean, isQuiet: boolean, signal: AbortSignal) {
  const progress = new TerminalProgress({
    isQuiet,
    isInteractive: process.stderr.isTTY === true,
    write: (text) => void process.stderr.write(text),
    now: () => performance.now(),
  })
  const terminal: Terminal = {
    print: (text) => {
      if (isJson) return
      progress.finish()
      process.stdout.write(`${plainLines(text)}\n`)
    },
    signal,
    onProgress: progress.report,
    notes: [],
  }
  return { terminal, finish: () => progress.finish() }
}

const BACKENDS: readonly BackendChoice[] = ['auto', 'wasm', 'reference']

function backendChoice(args: ParsedArgs): BackendChoice {
  const choice = (args.text('backend') ?? 'auto') as BackendChoice
  if (BACKENDS.includes(choice)) return choice
  throw new FlagError(`--backend takes one of ${BACKENDS.join(', ')}, not "${choice}".`)
}

/** What our own engine needs to run a model. */
export function createMachinePorts(
  args: ParsedArgs,
  terminal: Terminal,
): RunPorts & { readonly choice: BackendChoice; openMachine(): Promise<Machine> } {
  const { signal, onProgress } = terminal
  return { choice: backendChoice(args), signal, onProgress, openMachine, now: () => performance.now() }
}

/** The real parts behind the job's ports, on Node. */
export async function createPorts(args: ParsedArgs, terminal: Terminal): Promise<JobPorts> {
  const choice = backendChoice(args)
  const { backend, note } = await createBackend(choice, () => readWasm(quantizeWasmUrl))
  if (note) terminal.notes.push(note)
  return {
    backend,
    openRuntime,
    openMachine,
    signal: terminal.signal,
    onProgress: terminal.onProgress,
    now: () => performance.now(),
  }
}

async function readWasm(url: string): Promise<Bytes> {
  return new Uint8Array(await readFile(fileURLToPath(new URL(url, import.meta.url))))
}

/** Our own engine's kernels, in the build that is fastest here. */
export async function openMachine(): Promise<Machine> {
  const plain = () => readWasm(engineWasmUrl)
  const relaxed = () => readWasm(engineRelaxedWasmUrl)
  return createWasmMachine(await chooseEngine({ plain, relaxed }))
}

/** The class of device that a share link tells: no model names, no numbers that identify a machine. */
export function deviceOf(ports: JobPorts): string {
  return `Node, ${ports.backend.name}, ${threads()} threads`
}

const threads = () => Math.min(4, availableParallelism())

let runtime: Promise<Runtime> | undefined

/** One onnxruntime a process: its threads are fixed by the first session. */
export function openRuntime(): Promise<Runtime> {
  runtime ??= createNodeRuntime({ threads: threads() })
  return runtime
}
