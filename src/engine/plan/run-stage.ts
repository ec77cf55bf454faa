/** Runs one stage: its segment on the machine, then its cuts on the host. */
import type { MachineSession } from '../../backends/machine'
import { assert, ShapeError } from '../../core/errors'
import { roundAll, type HostArray } from '../../core/host-array'
import type { Turns } from '../../core/turns'
import type { Graph } from '../../graph/model'
import type { MaybeArray } from '../../ops/op'
import type { BoundNode } from '../node-context'
import { computeOnHost } from './host-node'
import { readStates } from './host-states'
import { namesRead } from './order'
import { Scope } from './scope'
import { retyped, type Segment } from './segment'
import type { Stage } from './stages'

/** Of one run of all graphs in it. */
export interface Run {
  readonly signal: AbortSignal | undefined
  readonly turns: Turns
  readonly onStage?: (stage: Stage, graph: Graph) => void
  /** Whether steps are timed. */
  readonly measure?: boolean
  /** Whether nobody reads the outputs. */
  readonly isSilent?: boolean
}

interface Tools {
  /** Of the random generators. */
  readonly seed: number
  /** Runs a graph of a node, which sees the values around it. */
  runGraph(graph: Graph, feeds: ReadonlyMap<string, HostArray>, outer: Scope, run: Run): Promise<readonly HostArray[]>
}

/** About a second of the references. */
const MOST_EXPLAINED_COST = 1 << 26

export class StageRunner {
  readonly #session: MachineSession
  readonly #tools: Tools

  constructor(session: MachineSession, tools: Tools) {
    this.#session = session
    this.#tools = tools
  }

  /** @param onShare how much of the stage's work is done, now and then */
  async run(stage: Stage, scope: Scope, run: Run, onShare: (share: number) => void): Promise<void> {
    const { segment, loaded } = stage
    await this.#readStates(stage.statesRead, stage, scope)
    // the bodies of loops are short: each alone would never look at the clock
    await run.turns.take()
    if (segment && loaded) {
      const total = segment.program.steps.reduce((sum, { cost }) => sum + cost, 1)
      const { inputs } = segment.program
      const arrays = segment.inputs.map((name, i) => retyped(this.#needed(name, scope), inputs[i]?.dtype))
      const { signal, measure } = run
      const isSilent = run.isSilent && stage.rest.length === 0 && stage.interpreted.length === 0
      const options = { ...(signal && { signal }), ...(measure && { measure }) }
      const running = async () =>
        isSilent ? loaded.advance(arrays) : loaded.run(arrays, { ...options, onCost: (done) => onShare(done / total) })
      const results = await running().catch((error: unknown) => this.#explained(error, stage, scope, run))
      if (!results) return
      segment.outputs.forEach((name, i) => {
        scope.set(name, roundAll(retyped(results[i] as HostArray, stage.values.get(name)?.dtype)))
      })
    }
    for (const { bound } of stage.interpreted) {
      await run.turns.take()
      this.#keep(bound, await this.#interpret(bound, scope, run), scope)
    }
    scope.keepOnly(stage.wanted)
  }

  /**
   * A kernel only knows that an index is out of range. The operator says it in its own words, where finding out is
   * affordable: the segment is computed again by the references.
   */
  async #explained(error: unknown, stage: Stage, outer: Scope, run: Run): Promise<never> {
    const segment = stage.segment as Segment
    const cost = segment.program.steps.reduce((sum, step) => sum + step.cost, 0)
    if (!(error instanceof ShapeError) || cost > MOST_EXPLAINED_COST) throw error
    const scope = new Scope(outer)
    const isState = (name: string) => stage.values.get(name)?.state
    await this.#readStates(segment.nodes.flatMap(({ node }) => namesRead(node)).filter(isState), stage, scope)
    for (const bound of segment.nodes) {
      await run.turns.take()
      this.#keep(bound, await this.#interpret(bound, scope, run), scope)
    }
    throw error
  }

  /** A run that failed left them as they were. */
  async #readStates(names: readonly string[], { values }: Stage, scope: Scope): Promise<void> {
    for (const [name, array] of await readStates(names, values, this.#session)) scope.set(name, array)
  }

  #keep({ node }: BoundNode, results: readonly MaybeArray[], scope: Scope): void {
    node.outputs.forEach((name, i) => {
      const result = results[i]
      if (name !== '' && result) scope.set(name, result)
    })
  }

  #interpret(bound: BoundNode, scope: Scope, run: Run): Promise<readonly MaybeArray[]> {
    const inputs = bound.node.inputs.map((name) => (name === '' ? undefined : scope.get(name)))
    return computeOnHost(bound, inputs, this.#tools.seed, (graph, given) => {
      const feeds = new Map(
        graph.inputs.flatMap(({ name }, i) => {
          const array = given[i]
          return array ? [[name, array] as const] : []
        }),
      )
      return this.#tools.runGraph(graph, feeds, scope, run)
    })
  }

  #needed(name: string, scope: Scope): HostArray {
    const array = scope.get(name)
    assert(array, `the value ${name} is gone before its last reader`)
    return array
  }
}
