import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createBackend } from '../backends'
import engineWasmUrl from '../../build/wasm/engine.wasm?url&no-inline'
import engineRelaxedWasmUrl from '../../build/wasm/engine-relaxed.wasm?url&no-inline'
import pairSumsWasmUrl from '../../build/wasm/pair-sums.wasm?url&no-inline'
import quantizeWasmUrl from '../../build/wasm/quantize.wasm?url&no-inline'
import type { Machine } from '../backends/machine'
import type { PairSums } from '../backends/pair-sums'
import { chooseEngine } from '../backends/wasm/engine-module'
import { createWasmMachine } from '../backends/wasm/machine'
import { createWasmPairSums } from '../backends/wasm/pair-sums'
import type { Gpu } from '../backends/webgpu/device'
import { GpuKeeper } from '../backends/webgpu/keeper'
import { createWebgpuMachine } from '../backends/webgpu/machine'
import { steadyBackend } from '../backends/webgpu/steady-backend'
import type { Bytes } from '../core/bytes'
import { DeviceError } from '../core/errors'
import { plainLines } from '../core/one-line'
import type { Note, OnProgress } from '../core/progress'
import type { JobPorts } from '../jobs/ports'
import type { TrainPorts } from '../jobs/train/request'
import type { EngineChoice } from '../jobs/run/choose-engine'
import type { RunPorts } from '../jobs/run/run'
import { createNodeRuntime } from '../runtime/onnxruntime-node'
import type { Runtime } from '../runtime/runtime'
import { FlagError, type ParsedArgs } from './args'
import { GET_SOFTWARE, openNodeGpu } from './gpu'
import { nodePictureDecoder } from './pictures'
import { TerminalProgress } from './terminal'
import { tileCache } from './user-cache'

/** Where a command prints and how it is interrupted. */
export interface Terminal {
  /** Text for people; nothing when `--json` was asked for. */
  print(text: string): void
  readonly signal: AbortSignal
  readonly onProgress: OnProgress
  readonly notes: Note[]
  /** Called when the command has ended, however it ended: what keeps the process alive is let go. */
  atEnd(letGo: () => void): void
}

export function createTerminal(isJson: boolean, isQuiet: boolean, signal: AbortSignal) {
  const progress = new TerminalProgress({
    isQuiet,
    isInteractive: process.stderr.isTTY === true,
    write: (text) => void process.stderr.write(text),
    now: () => performance.now(),
  })
  const endings: (() => void)[] = []
  const terminal: Terminal = {
    print: (text) => {
      if (isJson) return
      progress.finish()
      process.stdout.write(`${plainLines(text)}\n`)
    },
    signal,
    onProgress: progress.report,
    notes: [],
    atEnd: (letGo) => void endings.push(letGo),
  }
  const finish = () => {
    progress.finish()
    for (const letGo of endings.splice(0)) letGo()
  }
  return { terminal, finish }
}

const BACKENDS: readonly EngineChoice[] = ['auto', 'webgpu', 'wasm', 'reference']

function backendChoice(args: ParsedArgs): EngineChoice {
  const choice = (args.text('backend') ?? 'auto') as EngineChoice
  if (BACKENDS.includes(choice)) return choice
  throw new FlagError(`--backend takes one of ${BACKENDS.join(', ')}, not "${choice}".`)
}

export interface MachinePorts extends RunPorts {
  readonly choice: EngineChoice
  openMachine(): Promise<Machine>
}

/** What our own engine needs to run a model. */
export async function createMachinePorts(args: ParsedArgs, terminal: Terminal): Promise<MachinePorts> {
  const { signal, onProgress } = terminal
  const choice = backendChoice(args)
  const gpu = await gpuOf(choice, terminal)
  return { choice, signal, onProgress, openMachine, now: () => performance.now(), ...(gpu && { gpu }) }
}

/** The real parts behind the job's ports, on Node. */
export async function createPorts(args: ParsedArgs, terminal: Terminal): Promise<JobPorts> {
  const choice = backendChoice(args)
  const gpu = await gpuOf(choice, terminal)
  const { backend, note } = await createBackend(choice === 'webgpu' ? 'auto' : choice, () => readWasm(quantizeWasmUrl))
  if (note) terminal.notes.push(note)
  return {
    backend: gpu ? steadyBackend(gpu, backend) : backend,
    openRuntime,
    openMachine,
    openExactMachine,
    openPairSums,
    ...(gpu && { gpu }),
    signal: terminal.signal,
    onProgress: terminal.onProgress,
    now: () => performance.now(),
  }
}

/**
 * The GPU for a choice; asked for at once where it was named, else when something first needs it.
 * @throws DeviceError where it was named and there is none
 */
async function gpuOf(choice: EngineChoice, terminal: Terminal): Promise<GpuKeeper | undefined> {
  if (choice !== 'auto' && choice !== 'webgpu') return undefined
  const isAsked = choice === 'webgpu'
  const gpu = new GpuKeeper(async () => {
    const { answer, softwareIcd } = await openNodeGpu(isAsked)
    if (!('gpu' in answer)) return answer
    if (answer.gpu.adapter.isSoftware) noteSoftware(answer.gpu, softwareIcd, terminal)
    const { tune } = await import('../backends/webgpu/tune')
    await tune(answer.gpu, tileCache())
    return answer
  }, terminal.notes)
  terminal.atEnd(() => gpu.dispose())
  const answer = isAsked ? await gpu.get() : undefined
  if (answer && 'missing' in answer) {
    const advice = answer.missing.kind === 'no-adapter' ? ` ${GET_SOFTWARE}` : ''
    throw new DeviceError(`--backend webgpu: ${answer.missing.text}.${advice} Or use --backend wasm.`)
  }
  return gpu
}

function noteSoftware({ adapter }: Gpu, icd: string | undefined, { notes }: Terminal): void {
  const text =
    `WebGPU runs in software (${adapter.name}${icd ? `, ${icd}` : ''}): results are right, but WASM is faster. ` +
    'plume doctor says why there is no GPU.'
  if (!notes.some((note) => note.text === text)) notes.push({ severity: 'info', text })
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

/** In the build whose floats are the same on every computer. */
async function openExactMachine(): Promise<Machine> {
  return createWasmMachine(await readWasm(engineWasmUrl))
}

/** What training needs: the exact build, unless another engine was asked for by name. */
export async function createTrainPorts(args: ParsedArgs, terminal: Terminal): Promise<TrainPorts> {
  const choice = backendChoice(args)
  const gpu = choice === 'webgpu' ? await gpuOf(choice, terminal) : undefined
  const { signal, onProgress } = terminal
  return {
    ...{ signal, onProgress, openRuntime, decoder: nodePictureDecoder, now: () => performance.now() },
    openMachine: async () => {
      if (choice === 'reference') return 'reference'
      const found = await gpu?.get()
      return found && 'gpu' in found ? createWebgpuMachine(found.gpu.device, found.gpu.facts) : openExactMachine()
    },
  }
}

/** For the simulated provider. */
async function openPairSums(): Promise<PairSums> {
  return createWasmPairSums(await readWasm(pairSumsWasmUrl))
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
