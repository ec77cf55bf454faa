/**
 * Graphs that share values which outlive runs: parameters, moments of an optimizer, running statistics. A step of training
 * (forward, loss, backward, clip, update) is one graph of it; it is planned once for its shapes and replayed. States stay
 * in the machine's memory: on WebGPU a step is one submit, on WASM one call that allocates nothing.
 */
import type { Machine } from '../backends/machine'
import { throwIfAborted, UnsupportedError } from '../core/errors'
import type { HostArray } from '../core/host-array'
import type { Graph } from '../graph/model'
import type { Explanation } from './plan/explain'
import type { Feeds } from './session'
import { normalizeGraphs } from './stateful-base'
import { PlannedStateful } from './stateful-planned'
import { ReferenceStateful } from './stateful-reference'

export interface StatefulDefinition {
  /** First contents, by name. A session copies them. */
  readonly states: ReadonlyMap<string, HostArray>
  readonly graphs: ReadonlyMap<string, StatefulGraph>
}

export interface StatefulGraph {
  /** Opset 25. The states that it reads are inputs of the same name; its other inputs are fed. */
  readonly graph: Graph
  /**
   * State → value of the graph that it has after a run, of its dtype and shape. All change at once, when everything else
   * has been computed: whatever the graph reads is the old value.
   */
  readonly updates: ReadonlyMap<string, string>
}

export interface StatefulOptions {
  readonly machine: Machine | 'reference'
  readonly signal?: AbortSignal
  /** On the reference: floats in double precision. */
  readonly isWide?: boolean
}

export interface StatefulSession {
  readonly machine: string
  /**
   * Runs a graph and gives its outputs; states change as its updates say.
   * @throws ShapeError, UnsupportedError, DeviceError, AbortError; states are as before then
   */
  run(graph: string, feeds: Feeds, options?: { readonly signal?: AbortSignal }): Promise<Map<string, HostArray>>
  /**
   * A run whose outputs nobody reads. Nothing is returned where it is over at once (WASM, when the plan has one segment
   * without host steps and is loaded); else a promise, which on WebGPU is done when the work is handed over: what goes
   * wrong in it is thrown by the next run or read, and until then no state changes any more.
   */
  advance(graph: string, feeds: Feeds): Promise<void> | undefined
  /** Copies of states; default: all. */
  read(names?: readonly string[]): Promise<Map<string, HostArray>>
  /** @throws ShapeError for names, dtypes and shapes that are not those of the definition */
  write(states: ReadonlyMap<string, HostArray>): Promise<void>
  /** What the plan for these feeds does; runs it once, so that states change. Empty on the reference. */
  explain(graph: string, feeds: Feeds): Promise<Explanation>
  readonly memoryBytes: number
  /** Twice is fine. */
  dispose(): void
}

/** @throws UnsupportedError, ShapeError for definitions that do not fit together */
export async function openStateful(definition: StatefulDefinition, options: StatefulOptions): Promise<StatefulSession> {
  const { machine, signal, isWide = false } = options
  const graphs = await normalizeGraphs(definition, signal)
  throwIfAborted(signal)
  if (machine === 'reference') return new ReferenceStateful(graphs, definition.states, isWide)
  if (isWide) throw new UnsupportedError('Only the reference computes floats in double precision.')
  return PlannedStateful.open(graphs, machine, definition.states)
}
