/** Graphs with states on a machine: planned once for their shapes, states in the machine's memory. */
import type { Machine, MachineSession } from '../backends/machine'
import { UnsupportedError } from '../core/errors'
import type { HostArray } from '../core/host-array'
import { Constants } from './plan/constants'
import { Executor } from './plan/executor'
import { explainStages, type Explanation } from './plan/explain'
import { fitted, readStates, stateValue } from './plan/host-states'
import { operandDType } from './plan/lower'
import { retyped } from './plan/segment'
import type { Values } from './plan/trace'
import { checkFeeds, type Feeds } from './session'
import { StatefulBase, type NormalizedGraphs } from './stateful-base'

export class PlannedStateful extends StatefulBase {
  readonly machine: string
  readonly #session: MachineSession
  readonly #states: Values
  readonly #executors: ReadonlyMap<string, { readonly executor: Executor; readonly check: (feeds: Feeds) => void }>

  private constructor(graphs: NormalizedGraphs, machine: Machine, session: MachineSession, states: Values) {
    super(graphs)
    this.machine = machine.name
    this.#session = session
    this.#states = states
    const constants = new Constants()
    this.#executors = new Map(
      [...graphs].map(([name, { normalized, updates, fed }]) => {
        const inputs = normalized.model.graph.inputs.map((input) => input.name)
        const read = new Map([...states].filter(([state]) => inputs.includes(state) || updates.has(state)))
        const executor = new Executor(normalized, machine, session, { constants, states: read, updates })
        return [name, { executor, check: (feeds: Feeds) => checkFeeds(fed, feeds) }]
      }),
    )
  }

  static async open(graphs: NormalizedGraphs, machine: Machine, first: Feeds): Promise<PlannedStateful> {
    for (const [name, { dtype }] of first) {
      if (machine.bytesPerElement(operandDType(dtype)) === undefined) {
        throw new UnsupportedError(
          `The state ${name} is of type ${dtype}, which the machine ${machine.name} cannot hold.`,
        )
      }
    }
    const states: Values = new Map([...first].map(([name, array]) => [name, stateValue(name, array)]))
    const session = await machine.open()
    const made = new PlannedStateful(graphs, machine, session, states)
    try {
      await made.writeNow(first)
    } catch (error) {
      session.dispose()
      throw error
    }
    return made
  }

  protected get stateNames(): readonly string[] {
    return [...this.#states.keys()]
  }

  get memoryBytes(): number {
    return this.#session.memoryBytes
  }

  protected runNow(graph: string, feeds: Feeds, signal?: AbortSignal): Promise<Map<string, HostArray>> {
    return this.#executors.get(graph)!.executor.run(feeds, { ...(signal && { signal }) })
  }

  protected advanceNow(graph: string, feeds: Feeds): Promise<void> | undefined {
    const { executor, check } = this.#executors.get(graph)!
    return executor.advance(feeds, check)
  }

  protected readNow(names: readonly string[]): Promise<ReadonlyMap<string, HostArray>> {
    return readStates(names, this.#states, this.#session)
  }

  protected async writeNow(arrays: Feeds): Promise<void> {
    const states = [...arrays].map(([name, array]) => {
      const value = this.#states.get(name)!
      return [value.state!, retyped(fitted(name, array, value), value.state!.dtype)] as const
    })
    await this.#session.write(new Map(states))
  }

  protected async explainNow(graph: string, feeds: Feeds): Promise<Explanation> {
    return explainStages(this.machine, await this.#executors.get(graph)!.executor.stagesOf(feeds))
  }

  protected free(): void {
    for (const { executor } of this.#executors.values()) executor.dispose()
    this.#session.dispose()
  }
}
