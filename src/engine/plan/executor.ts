/** Runs normalized graphs by plans: segments on a machine, what depends on values on the host. */
import type { Machine, MachineSession } from '../../backends/machine'
import type { Observation } from '../../backends/observe'
import { ShapeError } from '../../core/errors'
import type { HostArray } from '../../core/host-array'
import { Turns } from '../../core/turns'
import type { Graph, LazyTensor, Node } from '../../graph/model'
import { bindNode, type BoundNode } from '../node-context'
import type { Normalized } from '../normalize'
import { keyOfObservers, observationsOf, withObservers, type Observers } from '../observe'
import { Constants } from './constants'
import { offerOf, type Offer } from './demands'
import { computeOnHost } from './host-node'
import { inlineBranch } from './inline-if'
import { Replays } from './replays'
import { Lru } from './lru'
import { writeStates } from './host-states'
import { orderNodes } from './order'
import { StageRunner, type Run } from './run-stage'
import { Scope } from './scope'
import type { Updates } from './updates'
import { GraphPlans, keyOf, planStage, valueOf, type Stage, type StageContext } from './stages'
import type { Branch, Value, Values } from './trace'

type Feeds = ReadonlyMap<string, HostArray>

export interface ExecutorOptions {
  /** Of the random generators. */
  readonly seed?: number
  /** Shared with other graphs of the session. */
  readonly constants?: Constants
  /** Inputs of the main graph that the machine's session keeps. */
  readonly states?: Values
  /** Of states, after each run. */
  readonly updates?: Updates
}

export interface ExecuteOptions {
  readonly signal?: AbortSignal
  /** Nodes of the main graph that are done; now and then. */
  readonly onNodes?: (done: number, total: number) => void
}

/** Sets of observers whose plans are kept: a pass for ranges, one for histograms. */
const MOST_OBSERVED = 2

export interface StageRuns {
  readonly stage: Stage
  /** Name of the graph that it belongs to. */
  readonly graph: string
  readonly runs: number
}

export class Executor {
  readonly #normalized: Normalized
  readonly #machine: Machine
  readonly #session: MachineSession
  readonly #seed: number
  readonly #constants: Constants
  readonly #states: Values
  readonly #updates: Updates | undefined
  readonly #replays = new Replays()
  readonly #stages: StageRunner
  readonly #plans = new Map<Graph, GraphPlans>()
  readonly #observed = new Lru<GraphPlans>(MOST_OBSERVED, (plans) => {
    plans.roots.clear()
    this.#plans.delete(plans.graph)
  })
  readonly #branches = new Map<Node, { readonly then?: Branch; readonly otherwise?: Branch }>()

  constructor(normalized: Normalized, machine: Machine, session: MachineSession, options: ExecutorOptions = {}) {
    this.#normalized = normalized
    this.#machine = machine
    this.#session = session
    this.#seed = options.seed ?? 0
    this.#constants = options.constants ?? new Constants()
    this.#states = options.states ?? new Map<string, Value>()
    this.#updates = options.updates
    this.#stages = new StageRunner(session, {
      seed: this.#seed,
      runGraph: (graph, feeds, scope, run) => this.#runGraph(graph, feeds, scope, run),
    })
  }

  /**
   * Runs the main graph; one run at a time.
   * @param feeds one array per input that has no default; only read
   * @throws ShapeError, UnsupportedError, DeviceError, AbortError
   */
  async run(feeds: Feeds, options: ExecuteOptions = {}): Promise<Map<string, HostArray>> {
    const { graph } = this.#normalized.model
    this.#checkComplete(feeds)
    const outputs = await this.#runGraph(graph, feeds, undefined, this.#startRun(options), options.onNodes)
    return new Map(graph.outputs.map(({ name }, i) => [name, outputs[i] as HostArray]))
  }

  /**
   * A run whose outputs nobody reads. Where a program of its own does all the work and was run before with feeds of
   * these shapes, it is started at once, without looking anything up.
   * @param check called for feeds of shapes that were not there before
   */
  advance(feeds: Feeds, check: (feeds: Feeds) => void): Promise<void> | undefined {
    const replay = this.#replays.find(feeds)
    if (!replay) return this.#advanceFirst(feeds, check)
    try {
      return replay.loaded.advance(replay.inputs)
    } catch (error) {
      // it changed nothing; the longer way says in the operator's words what was wrong
      if (error instanceof ShapeError) return this.#advanceFirst(feeds, check)
      throw error
    }
  }

  async #advanceFirst(feeds: Feeds, check: (feeds: Feeds) => void): Promise<void> {
    const { graph } = this.#normalized.model
    check(feeds)
    let only: Stage | undefined
    const onStage = (stage: Stage, of: Graph) => {
      if (of === graph) only = stage
    }
    await this.#runGraph(graph, feeds, undefined, { ...this.#startRun({}), onStage, isSilent: true })
    if (only) this.#replays.add(feeds, only)
  }

  #checkComplete(feeds: Feeds): void {
    const { inputs, initializers } = this.#normalized.model.graph
    const missing = inputs.find(({ name }) => !feeds.has(name) && !initializers.has(name) && !this.#states.has(name))
    if (missing) throw new ShapeError(`The input ${missing.name} has no value.`)
  }

  /**
   * Runs what observed values of the main graph need, and tells what observers find.
   * @throws as `run`; ShapeError for a value that the graph does not have, UnsupportedError for one that is no float
   */
  async observe(feeds: Feeds, observers: Observers, options: ExecuteOptions = {}): Promise<Map<string, Observation>> {
    const { graph } = this.#observedPlans(observers)
    const outputs = await this.#runGraph(graph, feeds, undefined, this.#startRun(options), options.onNodes)
    return observationsOf(observers, new Map(graph.outputs.map(({ name }, i) => [name, outputs[i] as HostArray])))
  }

  /**
   * The stages that a run with these feeds goes through, those of sub-graphs after the first stage that runs them, and
   * how often each is run. The run itself takes place, since plans may depend on values.
   */
  async stagesOf(feeds: Feeds, options: ExecuteOptions = {}): Promise<readonly StageRuns[]> {
    const stages = new Map<Stage, StageRuns>()
    const { graph } = this.#normalized.model
    const onStage = (stage: Stage, { name }: Graph) => {
      stages.set(stage, { stage, graph: name, runs: (stages.get(stage)?.runs ?? 0) + 1 })
    }
    await this.#runGraph(graph, feeds, undefined, { ...this.#startRun(options), onStage, measure: true })
    return [...stages.values()]
  }

  dispose(): void {
    this.#replays.clear()
    for (const plans of this.#plans.values()) plans.roots.clear()
    this.#plans.clear()
  }

  #startRun({ signal }: ExecuteOptions): Run {
    return { signal, turns: new Turns(signal) }
  }

  async #runGraph(
    graph: Graph,
    feeds: Feeds,
    outer: Scope | undefined,
    run: Run,
    onNodes?: ExecuteOptions['onNodes'],
  ): Promise<HostArray[]> {
    const plans = this.#plansOf(graph)
    const scope = new Scope(outer)
    for (const [name, array] of feeds) scope.set(name, array)
    let stage = await this.#firstStage(plans, feeds, outer, run)
    const total = plans.nodes.length
    for (;;) {
      // inlined branches may leave more nodes than there were
      const before = Math.max(0, total - stage.rest.length)
      scope.stage = stage
      run.onStage?.(stage, graph)
      await this.#stages.run(stage, scope, run, (share) => onNodes?.(Math.floor(before * share), total))
      onNodes?.(before, total)
      if (stage.rest.length === 0) break
      stage = await this.#nextStage(plans, stage, scope, run)
    }
    if (stage.updates.size > 0) await writeStates(stage, scope, this.#session)
    if (run.isSilent) return []
    return graph.outputs.map(({ name }) => {
      const value = scope.get(name)
      if (!value) throw new ShapeError(`The output ${name} of the graph "${graph.name}" is made by no node.`)
      return value
    })
  }

  #observedPlans(observers: Observers): GraphPlans {
    const key = keyOfObservers(observers)
    const known = this.#observed.get(key)
    if (known) return known
    const { graph } = this.#normalized.model
    const observed = withObservers(graph, this.#plansOf(graph).nodes, observers)
    const made = new GraphPlans(observed.graph, observed.bound)
    this.#plans.set(made.graph, made)
    this.#observed.set(key, made)
    return made
  }

  #plansOf(graph: Graph): GraphPlans {
    const known = this.#plans.get(graph)
    if (known) return known
    const bound = orderNodes(graph).map((node) => bindNode(node, this.#normalized))
    const made = new GraphPlans(graph, bound)
    this.#plans.set(graph, made)
    return made
  }

  async #firstStage(plans: GraphPlans, feeds: Feeds, outer: Scope | undefined, run: Run): Promise<Stage> {
    const { graph } = plans
    const given = graph.inputs.map(({ name }) => {
      const array = feeds.get(name)
      if (!outer && this.#states.has(name)) return this.#states.get(name)
      return array && valueOf(name, array, false)
    })
    const captured = outer ? plans.captured.flatMap((name) => this.#captured(name, outer)) : []
    const shapes = keyOf([...given, ...captured], this.#constants)
    const arrayOf = (name: string) => feeds.get(name) ?? outer?.get(name)
    const planned = plans.roots.find(shapes, arrayOf)
    if (planned) return planned
    const values = new Map<string, Value>()
    for (const [name, tensor] of graph.initializers) {
      values.set(name, this.#weight(name, tensor))
    }
    const states = outer ? [] : this.#states.values()
    for (const value of [...captured, ...given, ...states]) if (value) values.set(value.name, value)
    // what a loop hands to its body differs in every step
    const offered = (name: string) => (outer && feeds.has(name) ? undefined : arrayOf(name))
    const offer = offerOf(offered, plans.roots.limitsOf(shapes), this.#constants)
    const stage = await planStage(graph, values, plans.nodes, this.#stageContext(graph, run, offer))
    plans.roots.keep(shapes, stage.fixed, stage)
    return stage
  }

  #captured(name: string, outer: Scope): Value[] {
    const array = outer.get(name)
    return array ? [valueOf(name, array, this.#constants.has(array))] : []
  }

  async #nextStage(plans: GraphPlans, stage: Stage, scope: Scope, run: Run): Promise<Stage> {
    const names = stage.interpreted.flatMap(({ bound }) => bound.node.outputs.filter((name) => name !== ''))
    const found = names.flatMap((name) => {
      const array = scope.get(name)
      return array ? [valueOf(name, array, false)] : []
    })
    const shapes = keyOf(found, this.#constants)
    const arrayOf = (name: string) => scope.get(name)
    const planned = stage.next.find(shapes, arrayOf)
    if (planned) return planned
    const values = new Map(stage.values)
    for (const value of found) values.set(value.name, value)
    const offer = offerOf(arrayOf, stage.next.limitsOf(shapes), this.#constants)
    const next = await planStage(plans.graph, values, stage.rest, this.#stageContext(plans.graph, run, offer))
    stage.next.keep(shapes, next.fixed, next)
    return next
  }

  #stageContext(graph: Graph, { turns }: Run, offer: Offer): StageContext {
    const updates = graph === this.#normalized.model.graph ? this.#updates : undefined
    return {
      ...(updates && { updates }),
      offer,
      constants: this.#constants,
      machine: this.#machine,
      session: this.#session,
      turns,
      compute: (bound, inputs) => computeOnHost(bound, inputs, this.#seed),
      branch: (bound, takesThen) => this.#branch(bound, takesThen),
    }
  }

  #branch({ node }: BoundNode, takesThen: boolean): Branch {
    const known = this.#branches.get(node)?.[takesThen ? 'then' : 'otherwise']
    if (known) return known
    const { nodes, initializers } = inlineBranch(node, takesThen)
    const made = {
      nodes: nodes.map((one) => bindNode(one, this.#normalized)),
      constants: [...initializers].map(([name, tensor]) => this.#weight(name, tensor)),
    }
    this.#branches.set(node, { ...this.#branches.get(node), [takesThen ? 'then' : 'otherwise']: made })
    return made
  }

  #weight(name: string, tensor: LazyTensor): Value {
    const { array } = this.#constants.weight(this.#normalized.loaded(tensor))
    return valueOf(name, array, true)
  }
}
