/** Graphs with states on the references: node by node, in double precision where asked for. */
import type { HostArray } from '../core/host-array'
import type { Graph } from '../graph/model'
import { Interpreter } from './interpret'
import { explainStages, type Explanation } from './plan/explain'
import { fitted } from './plan/host-states'
import type { Updates } from './plan/updates'
import { checkFeeds, type Feeds } from './session'
import { StatefulBase, type NormalizedGraphs } from './stateful-base'

export class ReferenceStateful extends StatefulBase {
  readonly machine = 'reference'
  readonly #states = new Map<string, HostArray>()
  readonly #isWide: boolean

  constructor(graphs: NormalizedGraphs, states: Feeds, isWide: boolean) {
    super(graphs)
    this.#isWide = isWide
    for (const [name, array] of states) this.#states.set(name, this.#copied(array))
  }

  protected get stateNames(): readonly string[] {
    return [...this.#states.keys()]
  }

  get memoryBytes(): number {
    return [...this.#states.values()].reduce((sum, { values }) => sum + values.byteLength, 0)
  }

  protected async runNow(name: string, feeds: Feeds, signal?: AbortSignal): Promise<Map<string, HostArray>> {
    const { normalized, updates } = this.graphs.get(name)!
    const { model } = normalized
    const given = new Map([...feeds].map(([input, array]) => [input, this.#isWide ? widened(array) : array]))
    const inputs = new Set([...model.graph.inputs.map((input) => input.name), ...updates.values()])
    for (const [state, array] of this.#states) if (inputs.has(state)) given.set(state, array)
    const graph = withOutputs(model.graph, updates)
    const interpreter = new Interpreter(
      { ...normalized, model: { ...model, graph } },
      { isWide: this.#isWide, ...(signal && { signal }) },
    )
    const outputs = await interpreter.run(given)
    const made = [...updates].map(([state, value]) => [state, outputs.get(value) as HostArray] as const)
    for (const [state, array] of made) fitted(state, array, this.#states.get(state)!)
    for (const [state, array] of made) this.#states.set(state, this.#copied(array))
    return new Map(model.graph.outputs.map((output) => [output.name, outputs.get(output.name) as HostArray]))
  }

  protected async advanceNow(graph: string, feeds: Feeds): Promise<void> {
    checkFeeds(this.graphs.get(graph)!.fed, feeds)
    await this.runNow(graph, feeds)
  }

  protected async readNow(names: readonly string[]): Promise<ReadonlyMap<string, HostArray>> {
    return new Map(names.map((name) => [name, this.#copied(this.#states.get(name)!)]))
  }

  protected async writeNow(arrays: Feeds): Promise<void> {
    for (const [name, array] of arrays) fitted(name, array, this.#states.get(name)!)
    for (const [name, array] of arrays) this.#states.set(name, this.#copied(array))
  }

  protected async explainNow(name: string, feeds: Feeds): Promise<Explanation> {
    await this.runNow(name, feeds)
    return explainStages(this.machine, [])
  }

  protected free(): void {
    this.#states.clear()
  }

  #copied(array: HostArray): HostArray {
    const copy = { ...array, values: array.values.slice() } as HostArray
    return this.#isWide ? widened(copy) : copy
  }
}

const widened = (array: HostArray): HostArray =>
  array.values instanceof Float32Array ? { ...array, values: Float64Array.from(array.values) } : array

/** The graph with the new values of states as outputs. */
function withOutputs(graph: Graph, updates: Updates): Graph {
  const names = new Set(graph.outputs.map(({ name }) => name))
  const more = [...new Set(updates.values())].filter((name) => !names.has(name))
  return { ...graph, outputs: [...graph.outputs, ...more.map((name) => ({ name }))] }
}
