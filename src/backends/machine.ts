/**
 * The seam between the engine and what computes: the engine plans (shapes, fusion, memory), a machine executes. WASM and
 * WebGPU implement the same interfaces. A machine knows kernels and bytes, never operators, graphs or names of values.
 */
import type { KnownDType } from '../core/dtypes'
import { ShapeError } from '../core/errors'
import type { HostArray } from '../core/host-array'
import type { KernelCall, Operand } from './kernel-calls'

export interface Machine {
  readonly name: 'wasm' | 'webgpu' | 'plan'
  /**
   * Every operand starts at a multiple of so many bytes of the arena, and its last slot is padded up to it: kernels may
   * read whole vectors. 64 where memory is one piece, more where operands are bound one by one.
   */
  readonly placeAlignment: number
  /**
   * Bytes of one element in this machine's memory: its storage layout (R4), one whole slot per element. undefined: it
   * cannot hold the type, so values of it never become operands and the nodes around them run on the host.
   */
  bytesPerElement(dtype: KnownDType): number | undefined
  /** Whether it has a kernel for this call: its kernel, dtypes, ranks, sizes. What is refused runs on the host. */
  supports(call: KernelCall): boolean
  /** Memory for one model: its constants, and an arena for what runs compute. */
  open(): Promise<MachineSession>
}

export interface MachineSession {
  /**
   * Makes a program ready to run: constants that no earlier program named are uploaded, the arena grows to the
   * program's size, calls are encoded. The only place, beside the first run, where memory is allocated.
   * @throws DeviceError naming the bytes asked for when memory runs out; the session still works afterwards
   */
  load(program: Program): Promise<LoadedProgram>
  /** Frees constants that no program which is still alive names; those that were never uploaded are passed over. */
  release(constants: readonly Constant[]): void
  /**
   * Gives states these contents, and memory where they have none: before the first program that names them is loaded.
   * @throws DeviceError naming the bytes asked for when memory runs out; nothing is written then
   */
  write(states: ReadonlyMap<State, HostArray>): Promise<void>
  /** Copies of states, as the runs that were handed over before leave them. @throws what an `advance` before found */
  read(states: readonly State[]): Promise<HostArray[]>
  /** Bytes held for constants, states and the arena, for reports and tests. */
  readonly memoryBytes: number
  /** Frees everything; its programs are dead. Twice is fine. */
  dispose(): void
}

export interface LoadedProgram {
  /**
   * Computes the outputs, one array per `program.outputs`, new and owned by the caller. Runs of one session never
   * overlap (the engine sees to it), and nothing in the arena outlives a run: programs may share one arena.
   *
   * The event loop gets its turn about every `TURN_MS` (`core/turns.ts`), calls that are long are split where the kernel allows it,
   * so that an abort is noticed within about 100 ms.
   * @param inputs one array per `program.inputs`, of exactly its dtype and shape; only read
   * @throws AbortError; ShapeError for an index out of range; whatever a host step throws
   */
  run(inputs: readonly HostArray[], options?: RunOptions): Promise<HostArray[]>
  /**
   * A run whose outputs nobody reads. Where it is over at once (WASM, a program of one group without host steps), nothing
   * is returned, nothing is allocated, and what `run` rejects with is thrown. Where it is handed over only (WebGPU), what
   * went wrong is thrown by the session's next `run` or `read`, and no state is written in between.
   */
  advance(inputs: readonly HostArray[]): Promise<void> | undefined
  /** Milliseconds of each step of the last run that was measured; 0 where a step was not. */
  readonly times?: readonly number[] | undefined
  /** Frees what is this program's own. Constants stay until they are released. Twice is fine. */
  dispose(): void
}

export interface RunOptions {
  readonly signal?: AbortSignal
  /** Called now and then with the sum of `cost` of the steps that are done. */
  readonly onCost?: (done: number) => void
  /** Fills `LoadedProgram.times`, where the machine can; the run takes longer. */
  readonly measure?: boolean
}

/** A value that every plan of a session shares, e.g. a weight: identity is the key, it is uploaded once. */
export interface Constant {
  readonly array: HostArray
}

/** Memory that outlives runs and that programs write, e.g. a parameter that is trained: identity is the key. */
export interface State {
  readonly dtype: KnownDType
  readonly shape: readonly number[]
}

/** Where an operand lies. Operands may share a place: aliases, and values that never live at the same time. */
export type Place =
  | {
      readonly in: 'arena'
      /** Bytes from the arena's start, a multiple of the machine's `placeAlignment`. */ readonly offset: number
    }
  | { readonly in: 'constant'; readonly constant: Constant }
  | { readonly in: 'state'; readonly state: State }

/**
 * Straight-line code over operands whose places are all decided. An output may lie in a constant or on an input's place;
 * no step writes constants. States are written by `map` and `copy` only, behind all steps that may fail: a run that fails
 * or is aborted leaves them as they were.
 */
export interface Program {
  /** Size of the arena that it needs, in bytes. */
  readonly arenaBytes: number
  readonly places: ReadonlyMap<Operand, Place>
  /** Written before the first step. */
  readonly inputs: readonly Operand[]
  /** Read after the last step. */
  readonly outputs: readonly Operand[]
  readonly steps: readonly Step[]
  /** The first step that writes a state: from there on a run is not stopped. Default: none does. */
  readonly writesFrom?: number
}

export type Step = CallStep | HostStep

interface StepFacts {
  /** Node or nodes that it computes, for messages: 'Conv "conv1"'. */
  readonly title: string
  /** Estimated work, about one unit per multiply-add or element touched: what decides when to yield. */
  readonly cost: number
}

/**
 * Never an `alias`: those are resolved by the planner. No operand is empty. The output of a `map` may lie on the place of
 * an input of the same shape and slot size. Expressions that are one object (===) are one value, worth computing once.
 */
export interface CallStep extends StepFacts {
  readonly type: 'call'
  readonly call: KernelCall
  /** The error for an index that a kernel found outside [-size, size), as the operator would say it. */
  readonly indexError: (index: number, size: number) => Error
  /** The node's error for values that break a rule of arithmetic; where absent, one that names the step. */
  readonly ruleError?: (rule: string) => Error
}

export const ruleErrorOf = (step: CallStep, rule: string): Error =>
  step.ruleError?.(rule) ?? new ShapeError(`${step.title}: ${rule}.`)

/**
 * Computed by the host. Inputs are views on the machine's memory where it can give them (WASM) or copies (WebGPU), and
 * are valid during `compute` only; results are copied into the outputs' places. undefined: an omitted input or output.
 */
export interface HostStep extends StepFacts {
  readonly type: 'host'
  readonly inputs: readonly (Operand | undefined)[]
  readonly outputs: readonly (Operand | undefined)[]
  /** Gives one array for each output that is there, of its dtype and shape. */
  compute(inputs: readonly (HostArray | undefined)[]): Promise<readonly (HostArray | undefined)[]>
}

/** Cost that a group of steps may have before the clock is looked at: about 10 ms on a slow machine. */
export const GROUP_COST = 1 << 26

/**
 * Cuts steps into groups: each is one host step, or calls that cost at most `limit` together (or one that costs more).
 * @returns [from, to) of each group
 */
export function groupsOf(steps: readonly Step[], limit = GROUP_COST): readonly (readonly [number, number])[] {
  const groups: [number, number][] = []
  let cost = 0
  steps.forEach((step, i) => {
    const last = groups.at(-1)
    const joins =
      last !== undefined && step.type === 'call' && steps[i - 1]?.type === 'call' && cost + step.cost <= limit
    if (joins) last[1] = i + 1
    else groups.push([i, i + 1])
    cost = joins ? cost + step.cost : step.cost
  })
  return groups
}
