/** What all sessions with states share: graphs normalized once, runs in turn, checks of what is given. */
import { ShapeError, throwIfAborted, UnsupportedError } from '../core/errors'
import type { HostArray } from '../core/host-array'
import type { Graph, LazyTensor, Model } from '../graph/model'
import { LAST_OPSET } from '../graph/opset'
import { normalize, type Normalized } from './normalize'
import type { Explanation } from './plan/explain'
import { orderNodes } from './plan/order'
import type { Updates } from './plan/updates'
import { checkFeeds, type Feeds } from './session'
import type { StatefulDefinition, StatefulGraph, StatefulSession } from './stateful'

export interface NormalizedGraph {
  readonly normalized: Normalized
  readonly updates: Updates
  /** The graph without the inputs that are states: what feeds are checked against. */
  readonly fed: Graph
}

export type NormalizedGraphs = ReadonlyMap<string, NormalizedGraph>

/** @throws UnsupportedError, ShapeError, AbortError */
export async function normalizeGraphs(definition: StatefulDefinition, signal?: AbortSignal): Promise<NormalizedGraphs> {
  const arrays = new Map<LazyTensor, HostArray>()
  const made = new Map<string, NormalizedGraph>()
  for (const [name, one] of definition.graphs) {
    checkStates(name, one, definition.states)
    const normalized = await normalize(modelOf(one.graph), signal)
    const { graph } = normalized.model
    graph.nodes = [...orderNodes(graph)]
    const fed = { ...graph, inputs: graph.inputs.filter((input) => !definition.states.has(input.name)) }
    // a weight that several graphs have is one array, so that machines hold it once
    const loaded = (tensor: LazyTensor) => {
      const array = arrays.get(tensor) ?? normalized.loaded(tensor)
      arrays.set(tensor, array)
      return array
    }
    made.set(name, { normalized: { ...normalized, loaded }, updates: one.updates, fed })
  }
  return made
}

const modelOf = (graph: Graph): Model => ({
  ...{ source: null, edits: 0, irVersion: 10, producerName: '', producerVersion: '', domain: '', modelVersion: 0n },
  ...{ docString: '', metadata: new Map(), functions: [], trainingInfo: [], graph },
  opsets: new Map([
    ['', LAST_OPSET],
    ['ai.plume', 1],
  ]),
})

function checkStates(name: string, { graph, updates }: StatefulGraph, states: ReadonlyMap<string, HostArray>): void {
  for (const state of updates.keys()) {
    if (!states.has(state))
      throw new ShapeError(`The graph "${name}" changes ${state}, which is no state of the session.`)
  }
  const made = graph.nodes.flatMap(({ outputs }) => outputs).find((value) => states.has(value))
  if (made !== undefined) throw new ShapeError(`A node of the graph "${name}" makes ${made}, which is a state's name.`)
  const inputs = graph.inputs.filter((input) => states.has(input.name))
  const arrays = inputs.map((input) => [input.name, states.get(input.name) as HostArray] as const)
  checkFeeds({ ...graph, inputs }, new Map(arrays))
}

export abstract class StatefulBase implements StatefulSession {
  abstract readonly machine: string
  abstract readonly memoryBytes: number
  protected readonly graphs: NormalizedGraphs
  #last: Promise<unknown> = Promise.resolve()
  /** Runs that have begun or wait. */
  #pending = 0
  #isDisposed = false

  constructor(graphs: NormalizedGraphs) {
    this.graphs = graphs
  }

  protected abstract readonly stateNames: readonly string[]

  run(
    graph: string,
    feeds: Feeds,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Map<string, HostArray>> {
    return this.#inTurn(async () => {
      throwIfAborted(signal)
      checkFeeds(this.#graph(graph).fed, feeds)
      return this.runNow(graph, feeds, signal)
    })
  }

  advance(graph: string, feeds: Feeds): Promise<void> | undefined {
    this.#graph(graph)
    if (this.#pending > 0 || this.#isDisposed) return this.#inTurn(() => this.advanceNow(graph, feeds))
    const running = this.advanceNow(graph, feeds)
    return running && this.#inTurn(() => running)
  }

  explain(graph: string, feeds: Feeds): Promise<Explanation> {
    return this.#inTurn(() => {
      checkFeeds(this.#graph(graph).fed, feeds)
      return this.explainNow(graph, feeds)
    })
  }

  read(names: readonly string[] = this.stateNames): Promise<Map<string, HostArray>> {
    return this.#inTurn(async () => new Map(names.length > 0 ? await this.readNow(this.#known(names)) : []))
  }

  write(states: ReadonlyMap<string, HostArray>): Promise<void> {
    return this.#inTurn(async () => {
      this.#known([...states.keys()])
      await this.writeNow(states)
    })
  }

  dispose(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.free()
  }

  protected abstract runNow(graph: string, feeds: Feeds, signal?: AbortSignal): Promise<Map<string, HostArray>>
  /** Checks feeds of shapes that it has not seen before. */
  protected abstract advanceNow(graph: string, feeds: Feeds): Promise<void> | undefined
  protected abstract readNow(names: readonly string[]): Promise<ReadonlyMap<string, HostArray>>
  /** @throws ShapeError where one does not fit; none is written then */
  protected abstract writeNow(states: Feeds): Promise<void>
  protected abstract explainNow(graph: string, feeds: Feeds): Promise<Explanation>
  protected abstract free(): void

  #graph(name: string): NormalizedGraph {
    const graph = this.graphs.get(name)
    if (graph) return graph
    throw new ShapeError(`The session has no graph "${name}"; it has ${[...this.graphs.keys()].join(', ')}.`)
  }

  #known(names: readonly string[]): readonly string[] {
    const unknown = names.find((name) => !this.stateNames.includes(name))
    if (unknown === undefined) return names
    throw new ShapeError(`The session has no state ${unknown}; it has ${this.stateNames.join(', ')}.`)
  }

  async #inTurn<T>(work: () => Promise<T> | T): Promise<T> {
    this.#pending++
    const run = this.#last.then(() => {
      if (this.#isDisposed) throw new UnsupportedError('The session is closed; open it again.')
      return work()
    })
    this.#last = run.then(
      () => undefined,
      () => undefined,
    )
    try {
      return await run
    } finally {
      this.#pending--
    }
  }
}
