/** A model that is ready to run, on a machine or by the references. */
import type { Machine, MachineSession } from '../backends/machine'
import type { Observation } from '../backends/observe'
import { elementCount } from '../core/dtypes'
import { ShapeError, throwIfAborted } from '../core/errors'
import type { HostArray } from '../core/host-array'
import type { Note, OnProgress } from '../core/progress'
import type { Graph, Model, ValueInfo } from '../graph/model'
import { Interpreter } from './interpret'
import { normalize, type Normalized, type OwnOperators } from './normalize'
import type { BoundNode } from './node-context'
import { observationsOf, withObservers, type Observers } from './observe'
import { Executor, type ExecuteOptions } from './plan/executor'
import { explainStages, type Explanation } from './plan/explain'
import { orderNodes } from './plan/order'

export interface EngineOptions {
  readonly machine: Machine | 'reference'
  /** Of the random generators in the graph; default 0. */
  readonly seed?: number
  readonly signal?: AbortSignal
  /** Operators of the model that stand in no list, by the types of their nodes. */
  readonly operators?: OwnOperators
}

export interface EngineRunOptions {
  readonly signal?: AbortSignal
  /** Counts nodes of the main graph. */
  readonly onProgress?: OnProgress
}

export type Feeds = ReadonlyMap<string, HostArray>

export interface EngineSession {
  readonly machine: string
  /** Those without default come first to mind, those with one may be left out. */
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  /** What happened when the model was normalized, e.g. lifts of the opset. */
  readonly notes: readonly Note[]
  /**
   * Computes the graph's outputs. Runs of one session take turns; a failed or aborted one leaves it usable.
   * @param feeds one array per input that has no default; only read
   * @returns new arrays; those of outputs that are inputs or weights are the very arrays
   * @throws ShapeError, UnsupportedError naming node, operator and shapes; DeviceError; AbortError
   */
  run(feeds: Feeds, options?: EngineRunOptions): Promise<Map<string, HostArray>>
  /**
   * Computes what observers find of values in the main graph, where the values are: on a GPU a few integers are read
   * instead of the values. What is found is exact for the values that the machine computes.
   * @param observers by the names of the values, which are float32, float16 or bfloat16
   * @throws as `run`; ShapeError for a value that the graph does not have, UnsupportedError for one of another type
   */
  observe(feeds: Feeds, observers: Observers, options?: EngineRunOptions): Promise<Map<string, Observation>>
  /** What the plan for these feeds does; runs it once, since plans may depend on values. Empty on the reference. */
  explain(feeds: Feeds, options?: EngineRunOptions): Promise<Explanation>
  /** Bytes that the machine holds for constants and what runs compute; 0 on the reference. */
  readonly memoryBytes: number
  /** Frees the machine's memory; twice is fine. */
  dispose(): void
}

/**
 * Normalizes a model and makes it ready to run.
 * @param model stays as it is
 * @throws UnsupportedError, ShapeError for graphs without order, AbortError
 */
export async function openEngine(model: Model, options: EngineOptions): Promise<EngineSession> {
  const { machine, seed, signal, operators } = options
  const normalized = { ...(await normalize(model, signal)), ...(operators && { operators }) }
  const { graph } = normalized.model
  graph.nodes = [...orderNodes(graph)]
  throwIfAborted(signal)
  if (machine === 'reference') return new ReferenceSession(normalized, seed ?? 0)
  return new PlannedSession(normalized, machine, await machine.open(), seed ?? 0)
}

abstract class Session implements EngineSession {
  abstract readonly machine: string
  abstract readonly memoryBytes: number
  protected readonly normalized: Normalized
  #last: Promise<unknown> = Promise.resolve()
  #isDisposed = false

  constructor(normalized: Normalized) {
    this.normalized = normalized
  }

  get inputs(): readonly ValueInfo[] {
    return this.normalized.model.graph.inputs
  }

  get outputs(): readonly ValueInfo[] {
    return this.normalized.model.graph.outputs
  }

  get notes(): readonly Note[] {
    return this.normalized.notes
  }

  run(feeds: Feeds, options: EngineRunOptions = {}): Promise<Map<string, HostArray>> {
    return this.#inTurn(feeds, options, () => this.compute(feeds, options))
  }

  observe(feeds: Feeds, observers: Observers, options: EngineRunOptions = {}): Promise<Map<string, Observation>> {
    return this.#inTurn(feeds, options, () => this.computeObserved(feeds, observers, options))
  }

  explain(feeds: Feeds, options: EngineRunOptions = {}): Promise<Explanation> {
    return this.#inTurn(feeds, options, () => this.look(feeds, options))
  }

  dispose(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.free()
  }

  protected abstract compute(feeds: Feeds, options: EngineRunOptions): Promise<Map<string, HostArray>>
  protected abstract computeObserved(
    feeds: Feeds,
    observers: Observers,
    options: EngineRunOptions,
  ): Promise<Map<string, Observation>>
  protected abstract look(feeds: Feeds, options: EngineRunOptions): Promise<Explanation>
  protected abstract free(): void

  async #inTurn<T>(feeds: Feeds, { signal }: EngineRunOptions, work: () => Promise<T>): Promise<T> {
    checkFeeds(this.normalized.model.graph, feeds)
    const before = this.#last
    const run = before.then(async () => {
      throwIfAborted(signal)
      if (this.#isDisposed) throw new ShapeError('The session is closed; open the model again.')
      return work()
    })
    this.#last = run.then(
      () => undefined,
      () => undefined,
    )
    return run
  }
}

class ReferenceSession extends Session {
  readonly machine = 'reference'
  readonly memoryBytes = 0
  readonly #seed: number

  constructor(normalized: Normalized, seed: number) {
    super(normalized)
    this.#seed = seed
  }

  protected compute(feeds: Feeds, options: EngineRunOptions): Promise<Map<string, HostArray>> {
    return this.#interpret(this.normalized, feeds, options)
  }

  protected async computeObserved(
    feeds: Feeds,
    observers: Observers,
    options: EngineRunOptions,
  ): Promise<Map<string, Observation>> {
    const { model } = this.normalized
    const { graph, bound } = withObservers(model.graph, [], observers)
    const observed = { ...this.normalized, model: { ...model, graph } }
    return observationsOf(observers, await this.#interpret(observed, feeds, options, bound))
  }

  #interpret(
    normalized: Normalized,
    feeds: Feeds,
    { signal, onProgress }: EngineRunOptions,
    bound: readonly BoundNode[] = [],
  ): Promise<Map<string, HostArray>> {
    const total = normalized.model.graph.nodes.length
    const interpreter = new Interpreter(normalized, {
      ...{ seed: this.#seed, bound },
      ...(signal && { signal }),
      // nodes of sub-graphs count, too, once per step of a loop
      ...(onProgress && { onNode: (_, done) => onProgress(progress(Math.min(done, total), total)) }),
    })
    return interpreter.run(feeds)
  }

  protected async look(): Promise<Explanation> {
    return explainStages(this.machine, [])
  }

  protected free(): void {
    // holds no memory of its own
  }
}

class PlannedSession extends Session {
  readonly machine: string
  readonly #session: MachineSession
  readonly #executor: Executor

  constructor(normalized: Normalized, machine: Machine, session: MachineSession, seed: number) {
    super(normalized)
    this.machine = machine.name
    this.#session = session
    this.#executor = new Executor(normalized, machine, session, { seed })
  }

  get memoryBytes(): number {
    return this.#session.memoryBytes
  }

  protected compute(feeds: Feeds, options: EngineRunOptions): Promise<Map<string, HostArray>> {
    return this.#executor.run(feeds, executeOptions(options))
  }

  protected computeObserved(
    feeds: Feeds,
    observers: Observers,
    options: EngineRunOptions,
  ): Promise<Map<string, Observation>> {
    return this.#executor.observe(feeds, observers, executeOptions(options))
  }

  protected async look(feeds: Feeds, { signal }: EngineRunOptions): Promise<Explanation> {
    return explainStages(this.machine, await this.#executor.stagesOf(feeds, { ...(signal && { signal }) }))
  }

  protected free(): void {
    this.#executor.dispose()
    this.#session.dispose()
  }
}

const executeOptions = ({ signal, onProgress }: EngineRunOptions): ExecuteOptions => ({
  ...(signal && { signal }),
  ...(onProgress && { onNodes: (done: number, total: number) => onProgress(progress(done, total)) }),
})

const progress = (done: number, total: number) => ({ stage: 'run', done, total, unit: 'items' as const })

/**
 * Symbolic sizes are not compared: exporters give unrelated ones the same name ('None').
 * @throws ShapeError for names that the graph does not have, missing inputs, other dtypes and sizes than declared
 */
export function checkFeeds(graph: Graph, feeds: Feeds): void {
  const names = graph.inputs.map(({ name }) => name)
  for (const name of feeds.keys()) {
    if (!names.includes(name)) {
      throw new ShapeError(`The model has no input ${name}; its inputs are ${names.join(', ') || 'none'}.`)
    }
  }
  for (const info of graph.inputs) {
    const array = feeds.get(info.name)
    if (array) checkFeed(info, array)
    else if (!graph.initializers.has(info.name)) throw new ShapeError(`The input ${info.name} has no value.`)
  }
}

function checkFeed({ name, type }: ValueInfo, array: HostArray): void {
  const found = `${array.dtype}[${array.shape.join(', ')}]`
  if (elementCount(array.shape) !== array.values.length) {
    throw new ShapeError(`The input ${name} is given as ${found} with ${array.values.length} elements.`)
  }
  if (type?.kind !== 'tensor') return
  const { dtype, shape } = type
  const expected = `${dtype}${shape ? `[${shape.map((dim) => dim ?? '?').join(', ')}]` : ''}`
  const fits =
    dtype === array.dtype &&
    (!shape ||
      (shape.length === array.shape.length &&
        shape.every((dim, axis) => typeof dim !== 'number' || dim === array.shape[axis])))
  if (!fits) throw new ShapeError(`The input ${name} should be ${expected} and is ${found}.`)
}
