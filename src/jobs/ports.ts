import type { Backend } from '../backends/backend'
import type { Machine } from '../backends/machine'
import type { PairSums } from '../backends/pair-sums'
import type { GpuKeeper } from '../backends/webgpu/keeper'
import type { OnProgress } from '../core/progress'
import type { Runtime } from '../runtime/runtime'
import type { Checkpoints } from './checkpoints'

/** What a job is handed by the page's worker or the command line; everything below this line is the same code. */
export interface JobPorts {
  readonly backend: Backend
  /** onnxruntime is fetched and started only when something has to run. */
  openRuntime(): Promise<Runtime>
  /** onnxruntime's WebGPU provider, where the person asked for it: one more that runs the result. Its caller ends it. */
  openGpuRuntime?(): Promise<Runtime & { terminate(): void }>
  /** Our own engine, the second provider of the proof; absent where it has no kernels. */
  openMachine?(): Promise<Machine>
  /** Our engine in the build whose floats are the same on every computer: what chooses bytes runs there (R7). */
  openExactMachine?(): Promise<Machine>
  /** Products of 8-bit integers as x86 processors without VNNI compute them, for the simulated provider. */
  openPairSums?(): Promise<PairSums>
  /** Further runtimes of one thread each, for trials side by side; their caller ends them. Absent: one after the other. */
  openRuntimes?(count: number): Promise<readonly (Runtime & { terminate(): void })[]>
  /** Where our engine runs first; absent where no GPU is wanted. */
  readonly gpu?: GpuKeeper
  readonly signal: AbortSignal
  readonly onProgress: OnProgress
  /** Milliseconds of a monotonic clock; for timings in reports, never for decisions. */
  now(): number
  /** Where finished trials are kept, so that a job that was killed goes on where it was. */
  readonly checkpoints?: Checkpoints
}

/** Version of Plume, written into recipes and reports. */
export const APP_VERSION = '0.6.0'
